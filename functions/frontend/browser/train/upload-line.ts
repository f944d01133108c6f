import { isWorthRepeating } from '../../view/advice.ts';
import { fromProblem, SendError } from '../page/send-error.ts';
import type { ExampleUpload } from './example-upload.ts';
import type { PictureReply } from './picture-reply.ts';

/** The trainer takes 32; fewer at once tell sooner how it goes, and a slow line gets them there in time. */
const CHUNK = { pictures: 16, bytes: 8 * 2 ** 20 };
/** Of one picture, and of requests in a row that failed as a whole. */
const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export interface UploadLineOptions {
  /** A file as it is best sent. Never rejects. */
  readonly prepare: (file: File) => Promise<Blob>;
  readonly send: (
    label: string,
    sending: { pictures: readonly Blob[]; onProgress: (share: number) => void; signal: AbortSignal },
  ) => Promise<readonly PictureReply[]>;
  /** @param ms after which it goes on by itself */
  readonly onPause: (error: SendError, ms: number) => void;
  /** It stands still until `resume`: the token is not the right one. */
  readonly onStop: (error: SendError) => void;
  /** Everything in it is over. */
  readonly onIdle: () => void;
  /** Waits, until the signal at most. Never rejects. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Sends pictures a chunk at a time. What was not taken (the connection broke, time ran out) waits for the next chunk, so
 * that nothing is lost and nothing is sent twice without need; what is refused for good says why.
 */
export class UploadLine {
  readonly #options: UploadLineOptions;
  readonly #waiting: ExampleUpload[] = [];
  #leaving = new AbortController();
  #isRunning = false;
  #failures = 0;

  constructor(options: UploadLineOptions) {
    this.#options = options;
  }

  add(uploads: readonly ExampleUpload[]): void {
    this.#waiting.push(...uploads);
    void this.resume();
  }

  /** Goes on where it stood still. */
  async resume(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#failures = 0;
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    let isStopped = false;
    while (this.#waiting.length > 0 && !isStopped && !isOver(signal))
      isStopped = await this.#sendNext(signal);
    this.#isRunning = false;
    if (isStopped) return;
    // Something may have come while a cancelled request ended.
    if (this.#waiting.length > 0) await this.resume();
    else this.#options.onIdle();
  }

  /** @returns those that were not sent */
  cancel(): readonly ExampleUpload[] {
    this.#leaving.abort();
    return this.#waiting.splice(0);
  }

  /** @returns whether it has to stand still */
  async #sendNext(signal: AbortSignal): Promise<boolean> {
    const { uploads, pictures } = await this.#nextChunk();
    if (isOver(signal)) return false;
    const label = uploads[0]?.label ?? '';
    const onProgress = (share: number): void => showProgress(uploads, pictures, share);
    try {
      onProgress(0);
      const replies = await this.#options.send(label, { pictures, onProgress, signal });
      this.#failures = 0;
      for (const [at, upload] of uploads.entries()) this.#settle(upload, replies[at]);
      return false;
    } catch (error) {
      return await this.#failed(uploads, error, signal);
    }
  }

  /** The first of the line and those of the same label after it, as far as they fit into one request. */
  async #nextChunk(): Promise<{ uploads: ExampleUpload[]; pictures: Blob[] }> {
    const uploads: ExampleUpload[] = [];
    const pictures: Blob[] = [];
    let bytes = 0;
    const label = this.#waiting[0]?.label;
    for (const upload of this.#waiting.filter((candidate) => candidate.label === label)) {
      if (uploads.length === CHUNK.pictures) break;
      const picture = await this.#options.prepare(upload.file);
      if (uploads.length > 0 && bytes + picture.size > CHUNK.bytes) break;
      bytes += picture.size;
      uploads.push(upload);
      pictures.push(picture);
    }
    // Taken off only now: whoever cancels meanwhile finds them in the line.
    const taken = uploads.filter((upload) => this.#waiting.includes(upload));
    for (const upload of taken) this.#waiting.splice(this.#waiting.indexOf(upload), 1);
    return { uploads, pictures };
  }

  /** @param reply undefined for one that was not looked at */
  #settle(upload: ExampleUpload, reply: PictureReply | undefined): void {
    if (reply?.status === 'kept' || reply?.status === 'duplicate') {
      upload.state = { is: reply.status };
      return;
    }
    const error = reply?.problem === undefined ? notDone() : fromProblem(reply.problem);
    this.#again(upload, error);
  }

  #again(upload: ExampleUpload, error: SendError): void {
    upload.attempts += 1;
    const isRepeatable = isTemporary(error);
    if (isRepeatable && upload.attempts < MAX_ATTEMPTS) {
      upload.state = { is: 'waiting' };
      this.#waiting.push(upload);
    } else upload.fail(error, isRepeatable);
  }

  async #failed(uploads: readonly ExampleUpload[], failure: unknown, signal: AbortSignal): Promise<boolean> {
    const error = failure instanceof SendError ? failure : unreadable();
    if (isOver(signal)) {
      for (const upload of uploads) upload.fail(error, true);
      return false;
    }
    if (error.code === 'unauthorized') {
      for (const upload of uploads) upload.state = { is: 'waiting' };
      this.#waiting.unshift(...uploads);
      this.#options.onStop(error);
      return true;
    }
    this.#failures += 1;
    if (!isTemporary(error) || this.#failures >= MAX_ATTEMPTS) {
      for (const upload of uploads) upload.fail(error, isTemporary(error));
      return false;
    }
    for (const upload of uploads) upload.state = { is: 'waiting' };
    this.#waiting.unshift(...uploads);
    const ms = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1));
    this.#options.onPause(error, ms);
    await this.#options.pause(ms, signal);
    return false;
  }
}

/** How far each picture of a chunk is, from how far the whole is. */
function showProgress(uploads: readonly ExampleUpload[], pictures: readonly Blob[], share: number): void {
  const total = pictures.reduce((sum, picture) => sum + picture.size, 0);
  let before = 0;
  for (const [at, upload] of uploads.entries()) {
    const size = pictures[at]?.size ?? 0;
    const own = size === 0 ? 1 : Math.min(1, Math.max(0, (share * total - before) / size));
    upload.state = own < 1 ? { is: 'sending', share: own } : { is: 'looking' };
    before += size;
  }
}

function isTemporary({ code }: SendError): boolean {
  return isWorthRepeating(code) || code === 'store-away' || code === 'not-done';
}

function notDone(): SendError {
  const detail = 'Time ran out before it was looked at.';
  return new SendError({ code: 'not-done', title: 'Not done', detail });
}

function unreadable(): SendError {
  const detail = 'The browser could not read this file. It may have been moved.';
  return new SendError({ code: 'undecodable-image', title: 'The file cannot be read', detail });
}

/** A function, since the compiler takes a signal that was not aborted once for one that never is. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
