import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sha256Hex } from '../../shared/io/sha256.ts';
import { formatBytes } from '../command/progress.ts';
import { UserError } from '../command/user-error.ts';
import { fromProblem, TrainerError } from './trainer-error.ts';
import type { PictureStatus, TrainerClient, Upload } from './trainer-client.ts';

export interface LabelledPicture {
  readonly path: string;
  readonly label: string;
}

/** What became of a file in the end. */
export type FileOutcome =
  { readonly is: 'added' | 'there already' } | { readonly is: 'refused'; readonly reason: string };

export interface SendOptions {
  readonly client: Pick<TrainerClient, 'maxUploadBytes' | 'examples' | 'add'>;
  readonly head: string;
  /** Told of each file, once. */
  readonly onFile: (picture: LabelledPicture, outcome: FileOutcome) => void;
  /** Told of a pause after a failure that passes by itself. */
  readonly onPause: (error: TrainerError, ms: number) => void;
  readonly signal: AbortSignal;
  /** Of the first pause; each further one is twice as long. */
  readonly firstPauseMs?: number;
}

/** What the trainer takes at once; the bytes below its limit leave room for a picture that is large itself. */
const CHUNK = { pictures: 32, bytes: 32 * 2 ** 20 };
/** Of one picture, and of requests in a row. */
const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

interface Waiting extends LabelledPicture, Upload {
  attempts: number;
}

/**
 * Sends pictures in chunks of one label. What the head has is left out; what time did not suffice for, or a broken
 * connection lost, is sent again.
 * @throws UserError when the trainer goes on failing, or refuses everything
 */
export async function sendPictures(
  pictures: readonly LabelledPicture[],
  options: SendOptions,
): Promise<void> {
  const { client, head, onFile } = options;
  const maxBytes = await client.maxUploadBytes();
  const known = await client.examples(head);
  const labels = [...new Set(pictures.map(({ label }) => label))];
  for (const label of labels) {
    const line = new LabelLine(label, options);
    for (const picture of pictures.filter((candidate) => candidate.label === label)) {
      if ((await stat(picture.path)).size > maxBytes) {
        onFile(picture, { is: 'refused', reason: `A picture may have ${formatBytes(maxBytes)}.` });
        continue;
      }
      const bytes = await readFile(picture.path);
      if (known.get(sha256Hex(bytes)) === label) onFile(picture, { is: 'there already' });
      else await line.add({ ...picture, name: basename(picture.path), bytes, attempts: 0 });
    }
    await line.end();
  }
}

/** Pictures of one label, gathered until they make a request. */
class LabelLine {
  readonly #label: string;
  readonly #options: SendOptions;
  #waiting: Waiting[] = [];
  #failures = 0;

  constructor(label: string, options: SendOptions) {
    this.#label = label;
    this.#options = options;
  }

  async add(picture: Waiting): Promise<void> {
    const bytes = this.#waiting.reduce((sum, { bytes: { length } }) => sum + length, picture.bytes.length);
    if (this.#waiting.length > 0 && bytes > CHUNK.bytes) await this.end();
    this.#waiting.push(picture);
    // What is to be sent again counts as well.
    while (this.#waiting.length >= CHUNK.pictures) await this.#send();
  }

  async end(): Promise<void> {
    while (this.#waiting.length > 0) await this.#send();
  }

  async #send(): Promise<void> {
    const sent = this.#waiting;
    this.#waiting = [];
    try {
      const statuses = await this.#options.client.add(this.#options.head, this.#label, sent);
      this.#failures = 0;
      for (const [at, picture] of sent.entries()) this.#settle(picture, statuses[at]);
    } catch (error) {
      this.#waiting.unshift(...sent);
      await this.#recover(error);
    }
  }

  /** @param status undefined for one that was not looked at */
  #settle(picture: Waiting, status: PictureStatus | undefined): void {
    const { onFile } = this.#options;
    if (status?.status === 'kept') onFile(picture, { is: 'added' });
    else if (status?.status === 'duplicate') onFile(picture, { is: 'there already' });
    else {
      const error = fromProblem(status?.problem) ?? notDone();
      picture.attempts += 1;
      if (error.isTemporary && picture.attempts < MAX_ATTEMPTS) this.#waiting.push(picture);
      else onFile(picture, { is: 'refused', reason: error.message });
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (!(error instanceof TrainerError)) throw error;
    this.#failures += 1;
    if (!error.isTemporary) throw new UserError(error.message, { cause: error });
    if (this.#failures >= MAX_ATTEMPTS) {
      const advice = 'The same command goes on where it stopped.';
      throw new UserError(`${error.message} Given up after ${MAX_ATTEMPTS} tries. ${advice}`, {
        cause: error,
      });
    }
    const { firstPauseMs = FIRST_PAUSE_MS, onPause, signal } = this.#options;
    const ms = Math.min(LONGEST_PAUSE_MS, error.retryAfterMs ?? firstPauseMs * 2 ** (this.#failures - 1));
    onPause(error, ms);
    await pause(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function notDone(): TrainerError {
  return new TrainerError('Time ran out before it was looked at.', { isTemporary: true });
}
