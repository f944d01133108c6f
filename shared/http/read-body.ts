import { AppError } from '../core/errors.ts';
import { isOutOfTime } from './out-of-time.ts';

export interface BodyLimit {
  /** Bytes of the whole body, counted while reading: behind of-watchdog there is no Content-Length. */
  readonly maxBytes: number;
  /** What is limited, for the message; `the request` where it is left out. */
  readonly what?: string;
  /** Told of each chunk before it is kept; throws an AppError to refuse it (too many bytes in flight). */
  readonly admit?: ((bytes: number) => void) | undefined;
}

/**
 * The whole body of a request.
 * @returns a buffer of its own; empty where there is no body
 * @throws  AppError `body-too-large` over the limit, `bad-request` when the body breaks off, `request-timeout` when the
 *          request's signal says that there is no more time for it
 */
export async function readBody(request: Request, limit: number | BodyLimit): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyChunks(request, typeof limit === 'number' ? { maxBytes: limit } : limit)) {
    chunks.push(chunk);
  }
  return concatenate(chunks);
}

/**
 * The body chunk by chunk, counted, for as long as the request's signal lets it take. Where the reading ends
 * early (over the limit, refused, or the consumer stops), the rest is given up: the server discards it.
 */
export async function* bodyChunks(request: Request, limit: BodyLimit): AsyncGenerator<Uint8Array, void> {
  if (request.body === null) return;
  const reader = request.body.getReader() as ChunkReader;
  const { signal } = request;
  const stop = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  let total = 0;
  let isOver = false;
  try {
    for (;;) {
      const chunk = await readChunk(reader).catch((error: unknown) => {
        isOver = true;
        throw error;
      });
      if (chunk === undefined) {
        isOver = true;
        if (signal.aborted) throw brokenOff(signal);
        return;
      }
      total += chunk.byteLength;
      if (total > limit.maxBytes) throw tooLarge(limit.what ?? 'the request', limit.maxBytes);
      limit.admit?.(chunk.byteLength);
      yield chunk;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    if (!isOver) stop();
  }
}

/** @param what is too large, as in `the request` or `a file in \`image\`` */
export function tooLarge(what: string, maxBytes: number): AppError {
  return new AppError('body-too-large', `Expected at most ${maxBytes} bytes for ${what} but received more.`);
}

/** Chunks joined into one buffer that shares memory with none of them. */
export function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

interface ChunkReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

async function readChunk(reader: ChunkReader): Promise<Uint8Array | undefined> {
  try {
    const { done, value } = await reader.read();
    return done ? undefined : (value ?? new Uint8Array());
  } catch (cause) {
    throw brokenOff(undefined, cause);
  }
}

function brokenOff(signal?: AbortSignal, cause?: unknown): AppError {
  return signal !== undefined && isOutOfTime(signal)
    ? new AppError(
        'request-timeout',
        'Expected the whole request sooner. Send it again, over a faster connection or smaller.',
      )
    : new AppError('bad-request', 'Expected a whole body but the connection broke off.', { cause });
}
