import { AppError } from '../../../shared/core/errors.ts';
import { callIdOf } from '../../../shared/http/call-id.ts';
import { isMultipart, readMultipart, type FormFile } from '../../../shared/http/multipart.ts';
import { problemOf, type Problem } from '../../../shared/http/problem.ts';
import { readBody } from '../../../shared/http/read-body.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';
import { checkSameLabel } from '../access/names.ts';
import type { Services } from '../services.ts';
import { keepPicture, type Destination } from './keep-picture.ts';

export const MAX_PICTURES = 32;
/** Pictures on their way at once: while clip encodes one, another is decoded here. */
const AT_ONCE = 3;
const FIELDS = { maxFields: 8, maxFieldBytes: 1_024 };
/**
 * Of the budget, until what was begun within it is no longer waited for either: 22 s of 16 s. A decoding takes up to 5 s;
 * an answer after 24 s would reach nobody.
 */
const LAST = 1.375;

interface PictureName {
  readonly filename: string;
  readonly sha256: string;
}

/** What became of one picture of a request. */
export interface PictureStatus extends PictureName {
  readonly status: 'kept' | 'duplicate' | 'failed' | 'not done, send again';
  readonly problem?: Problem;
}

const OUTCOMES = {
  kept: 'kept',
  duplicate: 'duplicate',
  failed: 'failed',
  'not done, send again': 'not_done',
} as const;

/**
 * Reads pictures and keeps them while the rest still comes in. When the time is over no other one is begun: those are
 * answered as not done, and what is still on its way to us is not waited for. Neither is, somewhat later, what hangs.
 * @param waitedMs how much of the time the request spent waiting for its turn
 * @returns one for each picture that arrived, in order
 */
export async function takeUpload(
  request: Request,
  destination: Destination,
  { services, waitedMs }: { services: Services; waitedMs: number },
): Promise<readonly PictureStatus[]> {
  const line = new PictureLine(request, destination, services);
  const budgetMs = services.config.uploadBudgetMs;
  const timers = [
    setTimeout(() => line.stop(), budgetMs - waitedMs),
    setTimeout(() => line.abandon(), LAST * budgetMs - waitedMs),
  ];
  try {
    await Promise.race([line.read(), line.stopped]);
    return await line.statuses();
  } finally {
    timers.forEach(clearTimeout);
    line.stop();
  }
}

class PictureLine {
  readonly stopped: Promise<void>;
  #stop!: () => void;
  #isStopped = false;
  readonly #request: Request;
  readonly #destination: Destination;
  readonly #services: Services;
  readonly #statuses: Promise<PictureStatus>[] = [];
  /** As many chains as pictures at once; each picture is hung on the next one in turn. */
  readonly #chains: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  /** The same picture sent twice waits for itself, and is found then. */
  readonly #byHash = new Map<string, Promise<unknown>>();
  readonly #abandoned = new AbortController();
  readonly #isAbandoned: Promise<void>;

  constructor(request: Request, destination: Destination, services: Services) {
    this.#request = request;
    this.#destination = destination;
    this.#services = services;
    this.stopped = new Promise((resolve) => (this.#stop = resolve));
    const { signal } = this.#abandoned;
    this.#isAbandoned = new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  }

  stop(): void {
    this.#isStopped = true;
    this.#stop();
  }

  /** Lets go of what was begun and does not end. */
  abandon(): void {
    this.#abandoned.abort();
  }

  statuses(): Promise<readonly PictureStatus[]> {
    return Promise.all(this.#statuses);
  }

  /** A form with pictures in `image`, or the bytes of one picture. */
  async read(): Promise<void> {
    const { maxUploadBytes, maxRequestBytes } = this.#services.config;
    if (!isMultipart(this.#request)) {
      const bytes = await readBody(this.#request, { maxBytes: maxUploadBytes, admit: () => this.#admit() });
      if (bytes.length === 0) throw noPicture();
      this.#add({ field: 'image', filename: '', mimeType: '', bytes });
      return;
    }
    let isMislabelled = false;
    const { files } = await readMultipart(this.#request, {
      ...FIELDS,
      maxFiles: MAX_PICTURES,
      maxFileBytes: maxUploadBytes,
      maxRequestBytes,
      admit: () => this.#admit(),
      keepFile: ({ field }) => field === 'image',
      onField: (name, value) => {
        if (name !== 'label') return;
        isMislabelled = true;
        checkSameLabel(value, this.#destination.label);
        isMislabelled = false;
      },
      onFile: (file) => this.#add(file),
    }).catch(async (error: unknown) => {
      if (isMislabelled) await this.#takeBack();
      throw error;
    });
    if (files.length === 0) throw noPicture();
  }

  /** Removes what was kept of a form before it said another label. */
  async #takeBack(): Promise<void> {
    this.#isStopped = true;
    const kept = (await this.statuses()).filter(({ status }) => status === 'kept');
    const hashes = kept.map(({ sha256 }) => sha256);
    await this.#services.examples.remove(this.#destination.head, hashes);
  }

  /** Ends the reading of a body that outlasts its time. */
  #admit(): void {
    if (this.#isStopped) throw new AppError('busy', 'Expected the pictures in less time.');
  }

  #add(file: FormFile): void {
    const turn = this.#statuses.length % AT_ONCE;
    const sha256 = sha256Hex(file.bytes);
    const before = Promise.all([this.#chains[turn], this.#byHash.get(sha256)]);
    const status = before.then(() => this.#keep(file, sha256));
    this.#chains[turn] = status;
    this.#byHash.set(sha256, status);
    this.#statuses.push(status);
  }

  async #keep(file: FormFile, sha256: string): Promise<PictureStatus> {
    const base = { filename: file.filename, sha256 };
    const given = this.#isStopped ? notDone(base) : this.#attempt(file, base);
    const status = await Promise.race([given, this.#isAbandoned.then(() => notDone(base))]);
    this.#services.metrics.countPicture(OUTCOMES[status.status]);
    return status;
  }

  /** Never rejects. */
  async #attempt({ bytes, error }: FormFile, base: PictureName): Promise<PictureStatus> {
    const signal = AbortSignal.any([this.#request.signal, this.#abandoned.signal]);
    const caller = { callId: callIdOf(this.#request), signal };
    try {
      if (error !== undefined) throw error;
      return {
        ...base,
        status: await keepPicture(bytes, this.#destination, { services: this.#services, caller }),
      };
    } catch (failure) {
      if (this.#abandoned.signal.aborted) return notDone(base);
      if (!(failure instanceof AppError)) {
        this.#services.log.error({ callId: caller.callId, err: failure }, 'A picture could not be kept');
      }
      return { ...base, status: 'failed', problem: problemOf(failure) };
    }
  }
}

function notDone(base: PictureName): PictureStatus {
  return { ...base, status: 'not done, send again' };
}

function noPicture(): AppError {
  return new AppError(
    'bad-request',
    'Expected a picture in the form field `image`, or the bytes of one, but received none.',
  );
}
