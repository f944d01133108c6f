import { AppError } from '../../../shared/core/errors.ts';
import { callIdOf } from '../../../shared/http/call-id.ts';
import { isMultipart, readMultipart, type FormFile } from '../../../shared/http/multipart.ts';
import { problemOf, type Problem } from '../../../shared/http/problem.ts';
import { readBody } from '../../../shared/http/read-body.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';
import type { Services } from '../services.ts';
import { keepPicture, type Destination } from './keep-picture.ts';

export const MAX_PICTURES = 32;
/** Pictures on their way at once: while clip encodes one, another is decoded here. */
const AT_ONCE = 3;
const FIELDS = { maxFields: 8, maxFieldBytes: 1_024 };

/** What became of one picture of a request. */
export interface PictureStatus {
  readonly filename: string;
  readonly sha256: string;
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
 * answered as not done, and what is still on its way to us is not waited for.
 * @returns one for each picture that arrived, in order
 */
export async function takeUpload(
  request: Request,
  destination: Destination,
  services: Services,
): Promise<readonly PictureStatus[]> {
  const line = new PictureLine(request, destination, services);
  const timer = setTimeout(() => line.stop(), services.config.uploadBudgetMs);
  try {
    await Promise.race([line.read(), line.stopped]);
    return await line.statuses();
  } finally {
    clearTimeout(timer);
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

  constructor(request: Request, destination: Destination, services: Services) {
    this.#request = request;
    this.#destination = destination;
    this.#services = services;
    this.stopped = new Promise((resolve) => (this.#stop = resolve));
  }

  stop(): void {
    this.#isStopped = true;
    this.#stop();
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
    const { files } = await readMultipart(this.#request, {
      ...FIELDS,
      maxFiles: MAX_PICTURES,
      maxFileBytes: maxUploadBytes,
      maxRequestBytes,
      admit: () => this.#admit(),
      keepFile: ({ field }) => field === 'image',
      onFile: (file) => this.#add(file),
    });
    if (files.length === 0) throw noPicture();
  }

  /** Ends the reading of a body that outlasts its time. */
  #admit(): void {
    if (this.#isStopped) throw new AppError('busy', 'Expected the pictures in less time.');
  }

  #add(file: FormFile): void {
    const turn = this.#statuses.length % AT_ONCE;
    const status = (this.#chains[turn] ?? Promise.resolve()).then(() => this.#keep(file));
    this.#chains[turn] = status;
    this.#statuses.push(status);
  }

  async #keep(file: FormFile): Promise<PictureStatus> {
    const status = await this.#attempt(file);
    this.#services.metrics.countPicture(OUTCOMES[status.status]);
    return status;
  }

  /** Never rejects. */
  async #attempt({ filename, bytes, error }: FormFile): Promise<PictureStatus> {
    const base = { filename, sha256: sha256Hex(bytes) };
    if (this.#isStopped) return { ...base, status: 'not done, send again' };
    const caller = { callId: callIdOf(this.#request), signal: this.#request.signal };
    try {
      if (error !== undefined) throw error;
      return {
        ...base,
        status: await keepPicture(bytes, this.#destination, { services: this.#services, caller }),
      };
    } catch (failure) {
      if (!(failure instanceof AppError)) {
        this.#services.log.error({ callId: caller.callId, err: failure }, 'A picture could not be kept');
      }
      return { ...base, status: 'failed', problem: problemOf(failure) };
    }
  }
}

function noPicture(): AppError {
  return new AppError(
    'bad-request',
    'Expected a picture in the form field `image`, or the bytes of one, but received none.',
  );
}
