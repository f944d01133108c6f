import type { IncomingMessage, ServerResponse } from 'node:http';
import { LimitedBody } from './limited-body.ts';
import type { LoadingFunction } from './loading-function.ts';
import { BAD_METHOD, BAD_TARGET, INTERNAL, NOT_READY, problemResponse, tooLarge } from './problem.ts';
import type { Log } from './served-function.ts';
import type { ServerSettings } from './settings.ts';
import { toWebRequest, urlOf } from './web-request.ts';

export interface Call {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly callId: string;
}

export interface Answering {
  readonly settings: Pick<ServerSettings, 'maxRequestBytes' | 'loadWaitMs' | 'readyPath'>;
  readonly served: LoadingFunction;
  readonly log: Log;
}

/** The response to one request: the function's, or a problem where the function cannot give one. Never rejects. */
export async function answer(call: Call, { settings, served, log }: Answering): Promise<Response> {
  const { incoming, outgoing, callId } = call;
  const url = urlOf(incoming);
  if (url === undefined) return problemResponse(BAD_TARGET, callId);
  const { maxRequestBytes, loadWaitMs, readyPath } = settings;
  const oversize = problemResponse(tooLarge(maxRequestBytes), callId);
  const body = new LimitedBody(incoming, maxRequestBytes);
  outgoing.once('finish', () => body.discardRest());
  if (Number(incoming.headers['content-length'] ?? 0) > maxRequestBytes) return oversize;

  const waitMs = url.pathname === readyPath ? 0 : loadWaitMs;
  const ready = served.now ?? (await served.within(waitMs));
  if (ready === undefined) return problemResponse(NOT_READY, callId);

  let request: Request;
  try {
    request = toWebRequest(incoming, url, { callId, body: body.stream, signal: abortedWith(outgoing) });
  } catch {
    return problemResponse(BAD_METHOD, callId);
  }
  const called = callFunction(() => ready.fetch(request)).catch((error: unknown) => {
    if (!body.isExceeded) log.error({ callId, err: error }, 'The function failed');
    return problemResponse(INTERNAL, callId);
  });
  // Read on first: a proxy that still sends when the answer comes may cut the connection and never pass it on.
  const refused = body.exceeded.then(() => body.drain()).then(() => oversize);
  const answered = called.then((response) => (body.isExceeded ? refused : response));
  return Promise.race([refused, answered]);
}

/** Aborts when the client goes away before its answer is complete. */
function abortedWith(outgoing: ServerResponse): AbortSignal {
  const aborting = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) aborting.abort(new Error('The client went away.'));
  });
  return aborting.signal;
}

/** A function may throw before its first await, and may answer with something that is no Response. */
async function callFunction(call: () => Promise<unknown>): Promise<Response> {
  const response = await call();
  if (response instanceof Response && response.status >= 200) return response;
  throw new TypeError('Expected fetch to resolve to a Response.');
}
