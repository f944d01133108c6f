import { readEvents, type StreamEvent } from '../../shared/http/read-events.ts';
import { timeLimit } from '../../shared/io/time-limit.ts';
import { fromResponse, TrainerError, unreachable } from './trainer-error.ts';

/** Longer than any server on the way takes: the gateway 60 s. */
const PATIENCE_MS = 65_000;

/** What became of one picture, as the trainer says it. */
export interface PictureStatus {
  readonly status: 'kept' | 'duplicate' | 'failed' | 'not done, send again';
  readonly problem?: unknown;
}

export interface Upload {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The function `trainer` behind a gateway. All methods reject with a TrainerError, or the signal's reason. */
export class TrainerClient {
  readonly #gateway: string;
  readonly #token: string;
  readonly #signal: AbortSignal;

  constructor(options: { gateway: string; token: string; signal: AbortSignal }) {
    this.#gateway = options.gateway;
    this.#token = options.token;
    this.#signal = options.signal;
  }

  /** Bytes of one picture that it takes. */
  async maxUploadBytes(): Promise<number> {
    const { limits } = (await this.#json('GET', '/status')) as { limits: { uploadBytes: number } };
    return limits.uploadBytes;
  }

  /** Labels of the pictures that the head has, by their SHA-256. */
  async examples(head: string): Promise<ReadonlyMap<string, string>> {
    const { examples } = (await this.#json('GET', pathOf(head, '/examples'))) as {
      examples: readonly { sha256: string; label: string }[];
    };
    return new Map(examples.map(({ sha256, label }) => [sha256, label]));
  }

  /** @returns one for each picture that was looked at, in order; what is missing at the end was not */
  async add(head: string, label: string, uploads: readonly Upload[]): Promise<readonly PictureStatus[]> {
    const body = new FormData();
    for (const { name, bytes } of uploads) body.append('image', new Blob([new Uint8Array(bytes)]), name);
    const answer = await this.#json('POST', pathOf(head, '/examples', { label }), body);
    return (answer as { pictures: readonly PictureStatus[] }).pictures;
  }

  /** Trains; it is cancelled by the signal. */
  async *train(head: string, options: Readonly<Record<string, string>>): AsyncGenerator<StreamEvent, void> {
    const response = await this.#fetch('POST', pathOf(head, '/train', options), {
      headers: { Accept: 'text/event-stream' },
    });
    try {
      if (response.body !== null) yield* readEvents(response.body);
    } catch (error) {
      this.#signal.throwIfAborted();
      throw unreachable(this.#gateway, error);
    }
  }

  async #json(method: string, path: string, body?: FormData): Promise<unknown> {
    const response = await this.#fetch(method, path, body === undefined ? {} : { body });
    try {
      return await response.json();
    } catch {
      this.#signal.throwIfAborted();
      // A function that died looks like a success with nothing in it.
      throw new TrainerError('The trainer broke off before it had answered.', { isTemporary: true });
    }
  }

  async #fetch(
    method: string,
    path: string,
    init: { headers?: Readonly<Record<string, string>>; body?: FormData },
  ): Promise<Response> {
    const headers = { Accept: 'application/json', Authorization: `Bearer ${this.#token}`, ...init.headers };
    const signal = timeLimit(PATIENCE_MS, this.#signal);
    const url = `${this.#gateway}/function/trainer${path}`;
    let response: Response;
    try {
      response = await fetch(url, { ...init, method, headers, signal });
    } catch (error) {
      this.#signal.throwIfAborted();
      throw unreachable(this.#gateway, error);
    }
    if (!response.ok) throw await fromResponse(response);
    return response;
  }
}

/** @example pathOf('cat-dog', '/train', { seed: '1' }) // '/heads/cat-dog/train?seed=1' */
function pathOf(head: string, rest: string, query: Readonly<Record<string, string>> = {}): string {
  const asked = new URLSearchParams(query).toString();
  return `/heads/${encodeURIComponent(head)}${rest}${asked === '' ? '' : `?${asked}`}`;
}
