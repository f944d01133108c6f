import { listOf, recordOf, textOf } from '../../view/record.ts';
import { adviceFor, plainly } from '../../view/advice.ts';

/** Longer than any server on the way takes: gateway 60 s. It counts from the last sign of life. */
const SILENCE_MS = 65_000;

export interface Sending {
  readonly body: Blob;
  readonly name: string;
  /** Form fields beside the picture. */
  readonly fields: Iterable<readonly [name: string, value: string]>;
  /** @param share of the upload that is done, 0…1 */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** What a person is told when a picture was not answered. */
export class SendError extends Error {
  readonly code: string;
  readonly title: string;
  readonly advice: string;
  readonly callId: string;

  constructor(problem: { code: string; title: string; detail: string; callId?: string }) {
    super(plainly(problem.detail));
    this.name = 'SendError';
    this.code = problem.code;
    this.title = problem.title;
    this.advice = adviceFor(problem.code);
    this.callId = problem.callId ?? '';
  }
}

/**
 * Sends a picture. It is done with XMLHttpRequest: `fetch` does not tell how far an upload is.
 * @returns the JSON that was answered
 * @throws  SendError for everything that goes wrong, `code: 'cancelled'` after the signal
 */
export function sendPicture(sending: Sending): Promise<unknown> {
  const form = new FormData();
  for (const [name, value] of sending.fields) form.append(name, value);
  form.append('image', sending.body, sending.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const cancel = (): void => request.abort();
    const silence = watchForSilence(() => {
      fail(tooSlow());
      request.abort();
    });
    const end = (): void => {
      silence.stop();
      sending.signal.removeEventListener('abort', cancel);
    };
    const fail = (error: SendError): void => {
      end();
      reject(error);
    };
    request.upload.onprogress = (event) => {
      silence.restart();
      if (event.lengthComputable) sending.onProgress(event.loaded / event.total);
    };
    request.upload.onload = () => sending.onProgress(1);
    request.onload = () => {
      end();
      try {
        resolve(readReply(request));
      } catch (error) {
        reject(error instanceof Error ? error : noConnection());
      }
    };
    request.onerror = () => fail(noConnection());
    request.onabort = () => fail(cancelled());
    request.open('POST', new URL('classify', document.baseURI));
    request.setRequestHeader('Accept', 'application/json');
    request.send(form);
    if (sending.signal.aborted) cancel();
    else sending.signal.addEventListener('abort', cancel, { once: true });
  });
}

function watchForSilence(act: () => void): { restart: () => void; stop: () => void } {
  let timer = setTimeout(act, SILENCE_MS);
  return {
    restart: () => {
      clearTimeout(timer);
      timer = setTimeout(act, SILENCE_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

function readReply(request: XMLHttpRequest): unknown {
  // A gateway may add the header that the function gave already: the browser joins the two.
  const callId = request.getResponseHeader('X-Call-Id')?.split(',')[0] ?? '';
  const json = parse(request.responseText);
  if (request.status >= 200 && request.status < 300 && json !== undefined) return json;
  const problem = recordOf(json);
  if (textOf(problem.detail) === '') throw fromGateway(request.status, callId);
  const fields = listOf(problem.errors).map((error) => textOf(error.message));
  throw new SendError({
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

/** The page's own function failed: the gateway says so with a bare status, or with nothing at all. */
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

function tooSlow(callId = ''): SendError {
  const detail = 'The service took too long over this picture. Try again, or send a smaller one.';
  return new SendError({ code: 'upstream-timeout', title: 'It took too long', detail, callId });
}

function noConnection(): SendError {
  const detail =
    'The server cannot be reached: the connection broke, or the service is not running. Check your network, then try again.';
  return new SendError({ code: 'no-connection', title: 'No connection', detail });
}

function cancelled(): SendError {
  return new SendError({ code: 'cancelled', title: 'Cancelled', detail: 'You cancelled this picture.' });
}
