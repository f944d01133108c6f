import { AppError } from '../core/errors.ts';
import { isOutOfTime } from './out-of-time.ts';
import { failureOf } from './upstream-failure.ts';

/** Left of the budget, less than this is not worth a second try: no classification is quicker than a round trip. */
const WORTH_A_TRY_MS = 500;
const DEFAULT_RETRY_AFTER_SECONDS = 1;

export interface ClipClientOptions {
  /** Without trailing slash. */
  readonly gatewayUrl: string;
  /** For a call as a whole, second try included. */
  readonly timeoutMs: number;
}

export interface ClipCall {
  /** Below `/function/clip`: empty for a classification, `/embed`, `/heads`, … */
  readonly path?: string;
  readonly query?: URLSearchParams;
  /** A picture's bytes or a form makes it a POST; without one it is a GET. */
  readonly body?: Uint8Array | FormData;
  readonly callId: string;
  /** Ends the call when our own caller has gone, or the time for its answer is over. */
  readonly signal?: AbortSignal;
}

export interface ClipReply {
  readonly json: unknown;
  readonly headers: Headers;
}

/**
 * Calls the function `clip` through the gateway.
 *
 * @example
 * const clip = new ClipClient({ gatewayUrl: 'http://127.0.0.1:8080', timeoutMs: 12_000 });
 * const { json } = await clip.call({ body: bytes, query: new URLSearchParams({ top: '3' }), callId });
 */
export class ClipClient {
  readonly #options: ClipClientOptions;

  constructor(options: ClipClientOptions) {
    this.#options = options;
  }

  /**
   * One call, and one more after a 429 if its `Retry-After` leaves time for it, or after a connection that was cut.
   * @throws AppError with the function's own problem, or `upstream-failed`, `upstream-timeout`, `busy`
   */
  async call(call: ClipCall): Promise<ClipReply> {
    const deadline = performance.now() + this.#options.timeoutMs;
    try {
      return await this.#attempt(call, deadline);
    } catch (error) {
      const waitMs = 1_000 * retryAfter(error);
      if (deadline - performance.now() - waitMs < WORTH_A_TRY_MS) throw error;
      await pause(waitMs, call.signal);
      return await this.#attempt(call, deadline);
    }
  }

  async #attempt(call: ClipCall, deadline: number): Promise<ClipReply> {
    const timeout = AbortSignal.timeout(Math.max(1, Math.round(deadline - performance.now())));
    const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
    try {
      const response = await fetch(this.#urlOf(call), {
        method: call.body === undefined ? 'GET' : 'POST',
        headers: {
          Accept: 'application/json',
          'X-Call-Id': call.callId,
          ...(call.body instanceof Uint8Array ? { 'Content-Type': 'application/octet-stream' } : {}),
        },
        ...(call.body === undefined ? {} : { body: call.body }),
        // With `error`, undici forgets the signal as soon as memory is cleared (nodejs/undici#4627).
        redirect: 'manual',
        signal,
      });
      return readReply(response, await response.text());
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (call.signal?.aborted === true) throw givenUp(call.signal, error);
      if (timeout.aborted) throw tooSlow(this.#options.timeoutMs, error);
      throw unreachable(error);
    }
  }

  #urlOf(call: ClipCall): string {
    const query = call.query?.toString() ?? '';
    return `${this.#options.gatewayUrl}/function/clip${call.path ?? ''}${query === '' ? '' : `?${query}`}`;
  }
}

function readReply(response: Response, text: string): ClipReply {
  if (response.status >= 300 && response.status < 400) throw notTheClassifier('upstream redirects');
  if (!response.ok) {
    throw failureOf({
      status: response.status,
      contentType: response.headers.get('Content-Type') ?? '',
      text,
      retryAfterSeconds: secondsOf(response.headers.get('Retry-After')),
    });
  }
  // A function that dies while its answer is on the way looks like a 200 with nothing in it.
  if (text.trim() === '') {
    throw new AppError(
      'upstream-failed',
      'The classifier broke off without an answer. Send the picture again.',
    );
  }
  try {
    return { json: JSON.parse(text) as unknown, headers: response.headers };
  } catch (error) {
    throw notTheClassifier(error);
  }
}

function notTheClassifier(cause: unknown): AppError {
  return new AppError(
    'upstream-failed',
    'Something else than the classifier answered. Whoever runs this service should check `gateway_url`.',
    { cause },
  );
}

/** Seconds to wait before a second try; infinite for all failures that waiting does not mend. */
function retryAfter(error: unknown): number {
  if (!(error instanceof AppError)) return Infinity;
  if (wasCut(error.cause)) return 0;
  return error.code === 'busy' ? (error.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS) : Infinity;
}

/**
 * Whether the connection ended before an answer came: most often one that was kept, and closed by the other side just as we
 * wrote to it. Asking again does no harm, since no call changes anything.
 */
function wasCut(error: unknown): boolean {
  // An answer that breaks off later is another TypeError, "terminated".
  const isBefore = error instanceof TypeError && error.message === 'fetch failed';
  const cause: unknown = isBefore ? error.cause : undefined;
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';
}

function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) : undefined;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      if (signal !== undefined) reject(givenUp(signal, signal.reason));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Our own caller ended the call. */
function givenUp(signal: AbortSignal, cause: unknown): AppError {
  if (isOutOfTime(signal)) {
    const message = 'The classifier did not answer in time. Send the picture again in a moment.';
    return new AppError('upstream-timeout', message, { cause });
  }
  return new AppError(
    'upstream-failed',
    'The request was given up by its sender before the answer was there.',
    {
      cause,
    },
  );
}

function tooSlow(timeoutMs: number, cause: unknown): AppError {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return new AppError(
    'upstream-timeout',
    `The classifier did not answer within ${seconds} s. Send the picture again in a moment, or a smaller version of it.`,
    { cause },
  );
}

function unreachable(cause: unknown): AppError {
  return new AppError(
    'upstream-failed',
    'The classifier cannot be reached. It may be starting or stopped: wait a moment and send the picture again.',
    { cause },
  );
}
