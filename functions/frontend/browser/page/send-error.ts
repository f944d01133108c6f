import { adviceFor } from '../../view/advice.ts';
import { inPlainWords } from '../../view/plain-problem.ts';
import { listOf, recordOf, textOf, type JsonRecord } from '../../view/record.ts';

/** What a person is told when something was not answered. */
export class SendError extends Error {
  readonly code: string;
  readonly title: string;
  readonly advice: string;
  readonly callId: string;
  /** As the service told it, for programs; without it, what the person is told. */
  readonly problem: JsonRecord;

  constructor(said: {
    code: string;
    title: string;
    detail: string;
    advice?: string;
    callId?: string;
    problem?: JsonRecord;
  }) {
    super(said.detail);
    this.name = 'SendError';
    this.code = said.code;
    this.title = said.title;
    this.advice = said.advice ?? adviceFor(said.code);
    this.callId = said.callId ?? '';
    this.problem = said.problem ?? { title: said.title, code: said.code, detail: said.detail };
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

/** An error out of a problem document, in words. */
export function fromProblem(problem: JsonRecord, callId = ''): SendError {
  const code = textOf(problem.code);
  const said = inPlainWords({
    code,
    title: textOf(problem.title) || 'That did not work',
    detail: textOf(problem.detail),
    errors: listOf(problem.errors).map(({ message }) => ({ message: textOf(message) })),
  });
  return new SendError({ ...said, code, callId: textOf(problem.callId) || callId, problem });
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
  if (status === 414 || status === 431) {
    const detail = 'The question is longer than the gateway lets through. Ask with fewer or shorter words.';
    return new SendError({
      code: 'bad-request',
      title: 'The question is too long',
      detail,
      advice: '',
      callId,
    });
  }
  if (status === 504 || status === 408) return tooSlow(callId);
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
