/** RFC 9457 problem details of the server's own answers. Never a stack trace: the log has it, under the call id. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly callId?: string;
}

export interface ProblemKind {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
  readonly allow?: string;
}

export const INTERNAL: ProblemKind = {
  status: 500,
  code: 'internal',
  title: 'Something went wrong on our side',
  detail: 'The call id names this request in the logs.',
};

export const NOT_READY: ProblemKind = {
  status: 503,
  code: 'not-ready',
  title: 'Still loading',
  detail: 'The function is still loading. Send the request again in a moment.',
  retryAfterSeconds: 2,
};

export const TOO_SLOW: ProblemKind = {
  status: 504,
  code: 'too-slow',
  title: 'The answer took too long',
  detail: 'The function did not answer in its time. Send the request again in a moment.',
};

export const SLOW_BODY: ProblemKind = {
  status: 408,
  code: 'request-timeout',
  title: 'The request took too long to arrive',
  detail: 'Expected the whole request sooner. Send it again, over a faster connection or smaller.',
};

export const BAD_TARGET: ProblemKind = {
  status: 400,
  code: 'bad-request',
  title: 'The request is not valid',
  detail: 'Expected a path and a Host header that make a URL.',
};

export const BAD_METHOD: ProblemKind = {
  status: 405,
  code: 'method-not-allowed',
  title: 'This route does not take this method',
  detail: 'Expected a method that carries a request to a function.',
  allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
};

export function tooLarge(maxRequestBytes: number): ProblemKind {
  return {
    status: 413,
    code: 'body-too-large',
    title: 'The request is too large',
    detail: `Expected a body of at most ${maxRequestBytes} bytes.`,
  };
}

export function problemHeaders(kind: ProblemKind): Record<string, string> {
  return {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...(kind.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(kind.retryAfterSeconds) }),
    ...(kind.allow === undefined ? {} : { Allow: kind.allow }),
  };
}

export function problemBody(kind: ProblemKind, callId?: string): string {
  const { status, code, title, detail } = kind;
  const problem: Problem = { type: 'about:blank', title, status, detail, code };
  return JSON.stringify(callId === undefined ? problem : { ...problem, callId });
}

export function problemResponse(kind: ProblemKind, callId: string): Response {
  return new Response(problemBody(kind, callId), { status: kind.status, headers: problemHeaders(kind) });
}
