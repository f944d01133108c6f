import { adviceFor } from '../../view/advice.ts';
import { listOf, recordOf, textOf } from '../../view/record.ts';

/** What a person is told when something was not answered. */
export class SendError extends Error {
  readonly code: string;
  readonly title: string;
  readonly advice: string;
  readonly callId: string;

  constructor(problem: { code: string; title: string; detail: string; callId?: string }) {
    super(problem.detail);
    this.name = 'SendError';
    this.code = problem.code;
    this.title = problem.title;
    this.advice = adviceFor(problem.code);
    this.callId = problem.callId ?? '';
  }
}

/** A reply that was read to its end. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** `X-Call-Id`, or empty. */
  readonly callId: string;
}

/** @returns the JSON that was answered @throws SendError for everything else */
export function readReply({ status, text, callId }: Reply): unknown {
  const json = parse(text);
  if (status >= 200 && status < 300 && json !== undefined) return json;
  const problem = recordOf(json);
  if (textOf(problem.detail) === '') throw fromGateway(status, callId);
  throw fromProblem(problem, callId);
}

/** An error out of a problem document. */
export function fromProblem(problem: Readonly<Record<string, unknown>>, callId = ''): SendError {
  const fields = listOf(problem.errors).map((error) => textOf(error.message));
  return new SendError({
    code: textOf(problem.code),
    title: textOf(problem.title) || 'That did not work',
    detail: fields.length > 0 ? fields.join(' ') : textOf(problem.detail),
    callId: textOf(problem.callId) || callId,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The function behind the page failed: the gateway says so with a bare status, or with nothing at all. */
function fromGateway(status: number, callId: string): SendError {
  if (status === 429) {
    const detail =
      'The service has more to do than it can take just now. Wait a few seconds, then try again.';
    return new SendError({ code: 'busy', title: 'Too many requests at once', detail, callId });
  }
  if (status === 413) {
    const detail = 'The picture is larger than the gateway lets through.';
    return new SendError({ code: 'body-too-large', title: 'The picture is too large', detail, callId });
  }
  if (status === 504) return tooSlow(callId);
  const detail =
    status >= 200 && status < 300
      ? 'The service broke off without an answer. Try again.'
      : `The service behind this page did not answer (status ${status}). It may be starting anew: wait a moment, then try again.`;
  return new SendError({ code: 'upstream-failed', title: 'No answer came', detail, callId });
}

export function tooSlow(callId = ''): SendError {
  const detail = 'The service took too long. Try again, or send less at once.';
  return new SendError({ code: 'upstream-timeout', title: 'It took too long', detail, callId });
}

export function noConnection(): SendError {
  const detail =
    'The server cannot be reached: the connection broke, or the service is not running. Check your network, then try again.';
  return new SendError({ code: 'no-connection', title: 'No connection', detail });
}

export function cancelled(): SendError {
  return new SendError({ code: 'cancelled', title: 'Cancelled', detail: 'You cancelled it.' });
}
