import { AppError } from '../../../shared/core/errors.ts';
import type { Log } from '../../../shared/core/log.ts';
import { callIdOf } from '../../../shared/http/call-id.ts';
import { prefersHtml } from '../../../shared/http/negotiate.ts';
import { problemHeaders, problemOf, problemResponse } from '../../../shared/http/problem.ts';
import type { PageFrame } from '../pages/layout.ts';
import { problemPage } from '../pages/problem-page.ts';
import { addressOf, respondPage } from './respond.ts';

export interface ErrorContext {
  readonly frame: PageFrame;
  readonly log: Log;
}

/** Any error as a page or a problem, as the caller prefers; those that are bugs go to the log in full. */
export function respondError(request: Request, error: unknown, context: ErrorContext): Response {
  const callId = callIdOf(request);
  if (!(error instanceof AppError))
    context.log.error({ callId, err: error }, 'A request failed for an unknown reason.');
  else if (error.code.startsWith('upstream')) {
    context.log.warn({ callId, code: error.code, cause: causesOf(error) }, error.message);
  }
  if (!prefersHtml(request)) {
    const response = problemResponse(error, callId);
    response.headers.set('Vary', 'Accept');
    return response;
  }
  const problem = problemOf(error, callId);
  return respondPage(
    problemPage(context.frame, problem, addressOf(request)),
    problem.status,
    problemHeaders(error),
  );
}

/**
 * Why, to the bottom: `fetch failed` alone tells nobody which name or address it was, nor which ones of a name with several.
 * @example causesOf(new AppError('upstream-failed', 'Away.', { cause: new Error('a', { cause: 'b' }) })) // 'Error: a: b'
 */
function causesOf({ cause }: Error): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause instanceof AggregateError) return `${String(cause)}: ${cause.errors.map(String).join(', ')}`;
  return cause.cause === undefined ? String(cause) : `${String(cause)}: ${causesOf(cause)}`;
}
