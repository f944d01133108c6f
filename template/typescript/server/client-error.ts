import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
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
 * Answers on the bare socket, where Node has no request to answer, and closes it.
 * @returns what was answered; nothing where nobody is left to read it
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): ProblemKind | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return undefined;
  }
  const kind = KINDS[error.code ?? ''] ?? BAD_REQUEST;
  const body = problemBody(kind);
  const headers = { ...problemHeaders(kind), 'Content-Length': Buffer.byteLength(body), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(
    `HTTP/1.1 ${kind.status} ${STATUS_CODES[kind.status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`,
  );
  return kind;
}
