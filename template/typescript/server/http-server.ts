import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answer, type Answering } from './answer.ts';
import { callIdOf } from './call-id.ts';
import { answerClientErrors } from './client-error.ts';
import { INTERNAL, problemResponse } from './problem.ts';
import type { ServerSettings } from './settings.ts';
import { sendResponse } from './web-response.ts';

/**
 * A query of own labels, 256 of 200 Latin letters, must fit; Node's default is 16 KiB. Where each letter is percent-encoded as
 * six or nine, fewer fit: long lists go into the body.
 */
const MAX_HEADER_BYTES = 128 * 2 ** 10;

/** of-watchdog keeps idle connections for up to 90 s. Whoever may send on a connection must be first to close it. */
const KEEP_ALIVE_MS = 120_000;

const HEADERS_TIMEOUT_MS = 10_000;

/** The HTTP server: one request in, the function's response out, one log line each. */
export function createHttpServer(answering: Answering & { readonly settings: ServerSettings }): Server {
  const { log, settings } = answering;
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
    void serve(incoming, outgoing);
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const started = performance.now();
    const callId = callIdOf(incoming);
    outgoing.setHeader('X-Call-Id', callId);
    const client = { isGone: false };
    outgoing.once('close', () => (client.isGone = !outgoing.writableFinished));
    const response = await answer({ incoming, outgoing, callId }, answering);
    const bytes = await send(outgoing, response).catch((error: unknown) => {
      log.error({ callId, err: error }, 'The answer could not be sent whole');
      outgoing.destroy();
      return 0;
    });
    const fields = { callId, method: incoming.method, path: pathOf(incoming), status: outgoing.statusCode };
    const durationMs = Math.round((performance.now() - started) * 10) / 10;
    log.info({ ...fields, durationMs, bytes, ...(client.isGone ? { aborted: true } : {}) }, 'request');
  };
  const send = async (outgoing: ServerResponse, response: Response): Promise<number> => {
    try {
      return await sendResponse(outgoing, response);
    } catch (error) {
      if (outgoing.headersSent) throw error;
      const callId = String(outgoing.getHeader('X-Call-Id'));
      log.error({ callId, err: error }, 'The answer could not be sent');
      return sendResponse(outgoing, problemResponse(INTERNAL, callId));
    }
  };

  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, settings.readTimeoutMs),
      requestTimeout: settings.readTimeoutMs,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Node's own 400 for that has no body: urlOf finds it missing.
      requireHostHeader: false,
    },
    onRequest,
  );
  answerClientErrors(server, ({ status }, { code }) =>
    log.warn({ status, code }, 'A request could not be read'),
  );
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const isTooLarge = Number(incoming.headers['content-length'] ?? 0) > settings.maxRequestBytes;
    if (!isTooLarge) outgoing.writeContinue();
    server.emit('request', incoming, outgoing);
  });
  // What else is expected cannot be met, and need not be (RFC 9110, §10.1.1): it is answered as if it were not asked.
  server.on('checkExpectation', (incoming, outgoing) => server.emit('request', incoming, outgoing));
  return server;
}

/** Without the query: what people typed stays out of the log. */
function pathOf(incoming: IncomingMessage): string {
  return (incoming.url ?? '/').split('?', 1)[0] ?? '/';
}
