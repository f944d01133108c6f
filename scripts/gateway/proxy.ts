import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { sendProblem } from './problem.ts';

/** The real gateway's limit for an answer, in its default deployment. */
const UPSTREAM_TIMEOUT_MS = 60_000;
const MAX_HEADER_BYTES = 128 * 2 ** 10;

/** Between two neighbours only (RFC 9110, §7.6.1); `Expect` is answered by this server itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const agent = new Agent({ keepAlive: true });

/** One request at the gateway. */
export interface Call {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** `X-Call-Id` and `X-Start-Time`, which both sides get. */
  readonly gatewayHeaders: Readonly<Record<string, string>>;
}

export interface Upstream {
  readonly name: string;
  readonly port: number;
  /** Path and query as the function sees them. */
  readonly path: string;
}

/** Passes a request to a function and its answer back, both as they come. */
export function proxy({ incoming, outgoing, gatewayHeaders }: Call, upstream: Upstream): void {
  const { name, port, path } = upstream;
  const onward = request({
    host: '127.0.0.1',
    port,
    path,
    agent,
    method: incoming.method,
    headers: { ...forwardedHeaders(incoming), ...gatewayHeaders },
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  const timer = setTimeout(() => onward.destroy(new Error('timeout')), UPSTREAM_TIMEOUT_MS);
  onward.once('response', (response) => {
    clearTimeout(timer);
    outgoing.writeHead(response.statusCode ?? 502, passedOn(response));
    outgoing.flushHeaders();
    pipeline(response, outgoing, () => undefined);
  });
  onward.once('error', (error) => {
    clearTimeout(timer);
    if (outgoing.writableFinished) return;
    const isLate = error.message === 'timeout';
    sendProblem(outgoing, {
      status: isLate ? 504 : 502,
      title: isLate ? 'The function took too long' : 'The function could not be reached',
      detail: isLate
        ? `${name} did not begin to answer within ${UPSTREAM_TIMEOUT_MS / 1_000} s.`
        : `${name} closed the connection before it answered. Its log says why.`,
    });
  });
  // Answered before its end, a body is read on to nowhere: the client must be free to read the answer.
  outgoing.once('finish', () => {
    if (incoming.complete) return;
    incoming.unpipe(onward);
    incoming.resume();
    onward.destroy();
  });
  outgoing.once('close', () => {
    clearTimeout(timer);
    if (!outgoing.writableFinished) onward.destroy();
  });
  // At once: it is for the function to say how long it waits for a body that does not come.
  onward.flushHeaders();
  incoming.pipe(onward);
}

function forwardedHeaders(incoming: IncomingMessage): Record<string, string | string[]> {
  const { host = '', 'transfer-encoding': coding } = incoming.headers;
  return {
    // Said again: where a method needs no body Node would send one without it, and it would be read as a request.
    ...(coding === undefined ? {} : { 'transfer-encoding': 'chunked' }),
    'x-forwarded-for': incoming.socket.remoteAddress ?? '',
    'x-forwarded-host': host,
    'x-forwarded-proto': 'http',
    ...passedOn(incoming),
  };
}

/** All headers but the hop-by-hop ones and those that `Connection` names; repeated ones stay repeated. */
function passedOn(message: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  const named = (message.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  // Without its length a body would be read as the next request.
  const left = new Set(named.filter((name) => name !== 'content-length'));
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    if (values === undefined || HOP_BY_HOP.has(name) || left.has(name)) continue;
    headers[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return headers;
}
