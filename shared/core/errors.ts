/**
 * The one error type of the project. Core and I/O throw it; `shared/http/problem.ts` maps each code to an
 * RFC 9457 problem. Any other error that reaches a caller is a bug and becomes a 500 that says nothing.
 */
export type ErrorCode =
  | 'bad-request'
  | 'unauthorized'
  | 'writes-off'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'request-timeout'
  | 'body-too-large'
  | 'unsupported-image'
  | 'undecodable-image'
  | 'busy'
  | 'not-ready'
  | 'store-away'
  | 'store-full'
  | 'upstream-failed'
  | 'upstream-timeout';

export interface FieldError {
  /** Name of the query parameter, form field or JSON member. */
  readonly field: string;
  /** *Expected X for `field` but received Y*. */
  readonly message: string;
}

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Every invalid field of the request, not only the first. */
  readonly fields?: readonly FieldError[];
  /** When a busy or loading service is worth asking again, in seconds. */
  readonly retryAfterSeconds?: number;
  /** Methods that the route does have, for `Allow`. */
  readonly allow?: readonly string[];
}

/**
 * @example
 * throw new AppError('not-found', 'Expected a head of this set for `head` but received "cat".');
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  readonly allow: readonly string[];

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.allow = options.allow ?? [];
  }
}

/** One bad request out of all the fields that are wrong with it. */
export function invalidFields(fields: readonly FieldError[]): AppError {
  return new AppError('bad-request', fields.map((field) => field.message).join(' '), { fields });
}

/** What JSON leaves as it is, though it steers a terminal, turns a line's direction, or ends one. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/**
 * Names a received text in an error message: quoted, printable, at most 78 characters of it.
 * @example quote('a\u202Eb') // '"a\\u202eb"'
 */
export function quote(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  const quoted = JSON.stringify(text.length > 78 ? `${text.slice(0, 77)}…` : text);
  return quoted.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
