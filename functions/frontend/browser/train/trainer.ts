import { readEvents, type StreamEvent } from '../../../../shared/http/read-events.ts';
import { listOf, recordOf, textOf } from '../../view/record.ts';
import { readTrainedHead, type TrainedHead } from '../../view/training-record.ts';
import { sendBody } from '../page/send-body.ts';
import { noConnection, readReply, SendError, tooSlow } from '../page/send-error.ts';
import { watchForSilence } from '../page/silence.ts';
import type { PictureReply } from './picture-reply.ts';
import type { Token } from './token.ts';

const PATIENCE_MS = 30_000;

export interface KeptExample {
  readonly sha256: string;
  readonly label: string;
}

/** The function `trainer`, asked by the browser itself. All of its methods reject with a SendError. */
export class Trainer {
  readonly #token: Token;

  constructor(token: Token) {
    this.#token = token;
  }

  /** @returns undefined for a head that was never trained and has no examples */
  async head(id: string): Promise<TrainedHead | undefined> {
    try {
      return readTrainedHead(await this.#ask('GET', pathOf(id)));
    } catch (error) {
      if (error instanceof SendError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  async examples(id: string): Promise<readonly KeptExample[]> {
    const { examples } = recordOf(await this.#ask('GET', pathOf(id, '/examples')));
    return listOf(examples).map(({ sha256, label }) => ({ sha256: textOf(sha256), label: textOf(label) }));
  }

  async thumbnail(id: string, sha256: string): Promise<Blob> {
    const response = await this.#fetch(pathOf(id, `/examples/${sha256}`), { method: 'GET' });
    if (!response.ok) readReply({ status: response.status, text: await response.text(), callId: '' });
    return response.blob();
  }

  async removeExample(id: string, sha256: string): Promise<void> {
    await this.#ask('DELETE', pathOf(id, `/examples/${sha256}`));
  }

  async removeLabel(id: string, label: string): Promise<void> {
    await this.#ask('DELETE', pathOf(id, '/examples', { label }));
  }

  async removeHead(id: string): Promise<void> {
    await this.#ask('DELETE', pathOf(id));
  }

  async rollBack(id: string, version: string): Promise<void> {
    await this.#ask('POST', pathOf(id, '/rollback', { version }));
  }

  /** @returns one for each picture that was looked at, in order; what is missing at the end was not */
  async add(
    id: string,
    label: string,
    sending: { pictures: readonly Blob[]; onProgress: (share: number) => void; signal: AbortSignal },
  ): Promise<readonly PictureReply[]> {
    const body = new FormData();
    for (const picture of sending.pictures) body.append('image', picture, nameOf(picture));
    const reply = await sendBody({
      path: pathOf(id, '/examples', { label }),
      body,
      headers: this.#headers(),
      onProgress: sending.onProgress,
      signal: sending.signal,
    });
    return listOf(recordOf(reply).pictures).map(({ status, problem }) => ({
      status: textOf(status),
      problem: problem === undefined ? undefined : recordOf(problem),
    }));
  }

  /** Trains; leaving the loop, or the signal, cancels. */
  async *train(
    id: string,
    options: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): AsyncGenerator<StreamEvent, void> {
    const ending = new AbortController();
    const leave = (): void => ending.abort(signal.reason);
    signal.addEventListener('abort', leave);
    const silence = watchForSilence(() => ending.abort(new DOMException('Silence.', 'TimeoutError')));
    try {
      const response = await this.#fetch(pathOf(id, '/train', options), {
        method: 'POST',
        headers: { Accept: 'text/event-stream' },
        signal: ending.signal,
      });
      if (!response.ok || response.body === null) {
        readReply({ status: response.status, text: await response.text(), callId: callIdOf(response) });
        return;
      }
      for await (const event of readEvents(response.body)) {
        silence.restart();
        yield event;
      }
    } finally {
      silence.stop();
      signal.removeEventListener('abort', leave);
    }
  }

  async #ask(method: string, path: string): Promise<unknown> {
    const response = await this.#fetch(path, { method, signal: AbortSignal.timeout(PATIENCE_MS) });
    return readReply({ status: response.status, text: await response.text(), callId: callIdOf(response) });
  }

  async #fetch(
    path: string,
    init: { method: string; headers?: Readonly<Record<string, string>>; signal?: AbortSignal },
  ): Promise<Response> {
    try {
      const headers = { Accept: 'application/json', ...this.#headers(), ...init.headers };
      return await fetch(new URL(path, document.baseURI), { cache: 'no-store', ...init, headers });
    } catch (error) {
      throw error instanceof DOMException && error.name === 'TimeoutError' ? tooSlow() : noConnection();
    }
  }

  #headers(): Readonly<Record<string, string>> {
    return this.#token.value === '' ? {} : { Authorization: `Bearer ${this.#token.value}` };
  }
}

/** @example pathOf('cat-dog', '/train', { seed: '1' }) // '../trainer/heads/cat-dog/train?seed=1' */
function pathOf(id: string, rest = '', query: Readonly<Record<string, string>> = {}): string {
  const asked = new URLSearchParams(query).toString();
  return `../trainer/heads/${encodeURIComponent(id)}${rest}${asked === '' ? '' : `?${asked}`}`;
}

function nameOf(picture: Blob): string {
  return picture instanceof File ? picture.name : 'picture';
}

function callIdOf(response: Response): string {
  return response.headers.get('X-Call-Id')?.split(',')[0] ?? '';
}
