import { AppError, type ErrorCode, type FieldError } from '../core/errors.ts';

/** A reply that is not the answer hoped for, read to its end. */
export interface FailedReply {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  /** `Retry-After` in seconds, where the reply had one. */
  readonly retryAfterSeconds: number | undefined;
}

const AGAIN = 'Wait a moment and send it again; if it stays so, the call id helps whoever runs this service.';

/** Codes that a function's problem may carry on to our own caller: those that speak of the request or of patience. */
const PASSED_ON: readonly ErrorCode[] = [
  'bad-request',
  'unauthorized',
  'writes-off',
  'not-found',
  'conflict',
  'request-timeout',
  'body-too-large',
  'unsupported-image',
  'undecodable-image',
  'busy',
  'not-ready',
  'store-away',
  'store-full',
];

/**
 * What a failed call to another function means to a person. The function's own problems keep their code; all other
 * replies come from the gateway or the watchdog in front of it, which say little or nothing.
 *
 * | reply | from | because |
 * |---|---|---|
 * | 502, empty | gateway | the provider is away, or the function hung up |
 * | 503, text | provider | no replica of the function runs |
 * | 500, "Can't reach service" | watchdog, gateway | the function's process does not listen |
 * | 500, empty | watchdog | the function's process died with the request in it |
 * | 504, empty | watchdog | the handler outlasted `exec_timeout` |
 * | 429, text | watchdog | over `max_inflight` |
 * | 404, text | gateway | no such function |
 * | 408, empty | gateway, function's server | what we sent did not arrive in time |
 * | 414, 431, empty | gateway, function's server | the question is longer than a request line may be |
 *
 * @example
 * failureOf({ status: 504, contentType: '', text: '', retryAfterSeconds: undefined }).code // 'upstream-timeout'
 */
export function failureOf(reply: FailedReply): AppError {
  return problemPassedOn(reply) ?? gatewayFailure(reply);
}

function gatewayFailure(reply: FailedReply): AppError {
  const cause = `upstream status ${reply.status}: ${reply.text.trim().slice(0, 200) || 'empty body'}`;
  switch (reply.status) {
    case 404:
      return new AppError(
        'upstream-failed',
        'The classifier is not installed behind this gateway. Whoever runs this service must deploy the function `clip`.',
        { cause },
      );
    case 408:
      return new AppError(
        'request-timeout',
        'The picture took too long on its way to the classifier. Send it again, or a smaller version of it.',
        { cause },
      );
    case 414:
    case 431:
      return new AppError(
        'bad-request',
        'The question is longer than the gateway lets through. Ask with fewer or shorter words.',
        { cause },
      );
    case 413:
      return new AppError(
        'body-too-large',
        'The picture is larger than the gateway lets through. Send a smaller one.',
        { cause },
      );
    case 429:
      return busy(reply.retryAfterSeconds, cause);
    case 503:
      return new AppError('upstream-failed', `No instance of the classifier is running just now. ${AGAIN}`, {
        cause,
        retryAfterSeconds: reply.retryAfterSeconds ?? 5,
      });
    case 504:
      return new AppError(
        'upstream-timeout',
        'The classifier ran out of time over this picture. Send it again, or a smaller version of it.',
        { cause },
      );
    case 502:
      return new AppError('upstream-failed', `The gateway could not reach the classifier. ${AGAIN}`, {
        cause,
      });
    default:
      return new AppError('upstream-failed', `The classifier stopped before it could answer. ${AGAIN}`, {
        cause,
      });
  }
}

function busy(retryAfterSeconds: number | undefined, cause?: unknown): AppError {
  return new AppError(
    'busy',
    'The classifier has more pictures to look at than it can take. Wait a few seconds and send it again.',
    { cause, retryAfterSeconds: retryAfterSeconds ?? 1 },
  );
}

/** The function's own problem, as an error of ours; undefined where the reply is no problem that concerns our caller. */
function problemPassedOn(reply: FailedReply): AppError | undefined {
  if (!reply.contentType.startsWith('application/problem+json')) return undefined;
  const problem = parseRecord(reply.text);
  const code = PASSED_ON.find((known) => known === problem?.code);
  if (problem === undefined || code === undefined || typeof problem.detail !== 'string') return undefined;
  return new AppError(code, problem.detail, {
    fields: fieldErrors(problem.errors),
    ...(reply.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: reply.retryAfterSeconds }),
  });
}

function fieldErrors(value: unknown): readonly FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { field, message } = entry as Record<string, unknown>;
    return typeof field === 'string' && typeof message === 'string' ? [{ field, message }] : [];
  });
}

function parseRecord(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
