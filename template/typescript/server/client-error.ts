import type { Duplex } from 'node:stream';
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import { problemBody, problemHeaders, SLOW_BODY, type ProblemKind } from './problem.ts';

const BAD_REQUEST: ProblemKind = {
  status: 400,
  code: 'bad-request',
  title: 'The request is not valid',
  detail: 'Expected a valid HTTP/1.1 request.',
};

/** What Node says of a request that it could not read, as problems. */
const KINDS: Readonly<Record<string, ProblemKind>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers-too-large',
    title: 'The request line and headers are too large',
    detail: 'Expected at most 128 KiB. Long lists of labels can go into the body.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: SLOW_BODY,
};

/**
 * Answers what Node could not read as a request, with a problem on the bare socket, and closes it.
 * @param onAnswered told what was answered and why
 */
export function answerClientErrors(
  server: Server,
  onAnswered: (kind: ProblemKind, error: NodeJS.ErrnoException) => void = () => undefined,
): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (incoming, outgoing) => answers.set(incoming.socket, outgoing));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const latest = answers.get(socket);
    // A second answer in the middle of the first would be read as a part of it.
    const isInAnswer = latest?.headersSent === true && !latest.writableFinished;
    if (isInAnswer || error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const kind = KINDS[error.code ?? ''] ?? BAD_REQUEST;
    socket.end(rawAnswer(kind));
    onAnswered(kind, error);
  });
}

function rawAnswer(kind: ProblemKind): string {
  const body = problemBody(kind);
  const headers = { ...problemHeaders(kind), 'Content-Length': Buffer.byteLength(body), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${kind.status} ${STATUS_CODES[kind.status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
