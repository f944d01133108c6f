import type { IncomingMessage, ServerResponse } from 'node:http';
import { LimitedBody } from './limited-body.ts';
import type { LoadingFunction } from './loading-function.ts';
import * as problems from './problem.ts';
import { problemResponse } from './problem.ts';
import type { Log } from './served-function.ts';
import type { ServerSettings } from './settings.ts';
import { TimeLimit } from './time-limit.ts';
import { toWebRequest, urlOf } from './web-request.ts';

export interface Call {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly callId: string;
}

export interface Answering {
  readonly settings: Pick<ServerSettings, 'maxRequestBytes' | 'loadWaitMs' | 'execTimeoutMs' | 'readyPath'>;
  readonly served: LoadingFunction;
  readonly log: Log;
}

/** The response to one request: the function's, or a problem where the function cannot give one. Never rejects. */
export async function answer(call: Call, answering: Answering): Promise<Response> {
  const { incoming, outgoing, callId } = call;
  const { maxRequestBytes, execTimeoutMs } = answering.settings;
  const url = urlOf(incoming);
  if (url === undefined) return problemResponse(problems.BAD_TARGET, callId);
  const oversize = problemResponse(problems.tooLarge(maxRequestBytes), callId);
  const body = new LimitedBody(incoming, maxRequestBytes);
  outgoing.once('finish', () => body.discardRest());
  if (Number(incoming.headers['content-length'] ?? 0) > maxRequestBytes) return oversize;

  const limit = new TimeLimit(outgoing, execTimeoutMs);
  const called = callFunction(call, { url, body, limit, answering });
  const refused = body.exceeded.then(() => oversize);
  const answered = called.then((response) => (body.isExceeded ? refused : response));
  const late = limit.over.then(() =>
    problemResponse(incoming.complete ? problems.TOO_SLOW : problems.SLOW_BODY, callId),
  );
  const response = await Promise.race([refused, answered, late]);
  void called
    .then((unwanted) => (unwanted === response ? undefined : unwanted.body?.cancel()))
    .catch(() => undefined);
  // Read on first: a proxy that still sends when the answer comes may cut the connection and never pass it on. But what is
  // no refusal may be made of the body yet, while both are on their way.
  if (body.isGivenUp || (response.status >= 400 && !body.isRead))
    await Promise.race([body.drain(), limit.over]);
  limit.stop();
  return response;
}

interface Parts {
  readonly url: URL;
  readonly body: LimitedBody;
  readonly limit: TimeLimit;
  readonly answering: Answering;
}

/** Waits for the function to be loaded, and calls it. Never rejects. */
async function callFunction(
  { incoming, callId }: Call,
  { url, body, limit: { signal }, answering: { settings, served, log } }: Parts,
): Promise<Response> {
  const waitMs = url.pathname === settings.readyPath ? 0 : settings.loadWaitMs;
  const ready = served.now ?? (await served.within(waitMs));
  if (ready === undefined) return problemResponse(problems.NOT_READY, callId);

  let request: Request;
  try {
    request = toWebRequest(incoming, url, { callId, body: body.stream, signal });
  } catch {
    return problemResponse(problems.BAD_METHOD, callId);
  }
  try {
    return requireResponse(await ready.fetch(request));
  } catch (error) {
    if (!body.isExceeded) log.error({ callId, err: error }, 'The function failed');
    return problemResponse(problems.INTERNAL, callId);
  }
}

/** A function is somebody's code: it may answer with something that is no Response. */
function requireResponse(response: unknown): Response {
  if (response instanceof Response && response.status >= 200) return response;
  throw new TypeError('Expected fetch to resolve to a Response.');
}
