import { AppError, type ErrorCode } from '../core/errors.ts';

/** The error table of the API: one row a code. RFC 9457 asks for a title that does not change from case to case. */
const PROBLEMS: Readonly<Record<ErrorCode, { status: number; title: string }>> = {
  'bad-request': { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'A valid token is needed' },
  'writes-off': { status: 403, title: 'Training is switched off' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This route does not take this method' },
  conflict: { status: 409, title: 'Not possible in the present state' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'body-too-large': { status: 413, title: 'The request is too large' },
  'unsupported-image': { status: 415, title: 'Not an image format that can be read' },
  'undecodable-image': { status: 422, title: 'The image cannot be decoded' },
  busy: { status: 429, title: 'Too many requests at once' },
  'not-ready': { status: 503, title: 'Still loading' },
  'store-away': { status: 503, title: 'The store cannot be reached' },
  'store-full': { status: 507, title: 'The store is full' },
  'upstream-failed': { status: 502, title: 'The classifier could not be reached' },
  'upstream-timeout': { status: 504, title: 'The classifier took too long' },
};

/** RFC 9457 problem details, with the call id to look for in the logs. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode | 'internal';
  readonly callId?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/**
 * What is told of an error: everything of an AppError, nothing of any other.
 * @param callId of the request, or undefined where there is none (an item of a list of results)
 */
export function problemOf(error: unknown, callId?: string): Problem {
  const base = callId === undefined ? {} : { callId };
  if (!(error instanceof AppError)) {
    return {
      type: 'about:blank',
      title: 'Something went wrong on our side',
      status: 500,
      detail: 'The call id names this request in the logs.',
      code: 'internal',
      ...base,
    };
  }
  const row = PROBLEMS[error.code];
  return {
    type: 'about:blank',
    title: row.title,
    status: row.status,
    detail: error.message,
    code: error.code,
    ...base,
    ...(error.fields.length > 0 ? { errors: error.fields } : {}),
  };
}

/** Headers that belong to the error itself: `Retry-After`, `Allow`, `WWW-Authenticate`. */
export function problemHeaders(error: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  if (!(error instanceof AppError)) return headers;
  if (error.retryAfterSeconds !== undefined) headers['Retry-After'] = String(error.retryAfterSeconds);
  if (error.allow.length > 0) headers.Allow = error.allow.join(', ');
  if (error.code === 'unauthorized') headers['WWW-Authenticate'] = 'Bearer realm="trainer"';
  return headers;
}

/** The error as a whole `application/problem+json` response. */
export function problemResponse(error: unknown, callId?: string): Response {
  const problem = problemOf(error, callId);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...problemHeaders(error),
    },
  });
}
