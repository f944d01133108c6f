import { connect } from 'node:net';

/** What came back on a bare TCP connection, until the other side closed it or the time was up. */
export interface RawAnswer {
  readonly text: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Sends bytes that no HTTP client would send. */
export async function rawRequest(port: number, text: string, maxMs = 8_000): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.setTimeout(maxMs, () => socket.destroy());
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return parseAnswer(Buffer.concat(chunks).toString());
}

function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { text, status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}
