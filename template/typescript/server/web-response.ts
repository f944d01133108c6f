import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Sends a web-standard response through Node's: the headers at once, the body as it comes, at the client's pace.
 * @returns    bytes of the body that were written
 * @throws     TypeError or RangeError before anything is sent, for a response that cannot be sent; whatever the body's
 *             stream throws, after the headers are out (the caller then cuts the connection)
 */
export async function sendResponse(outgoing: ServerResponse, response: Response): Promise<number> {
  const reader = outgoing.req.method === 'HEAD' ? undefined : response.body?.getReader();
  const headers: [string, string][] = [...response.headers];
  for (const [name, value] of headers) {
    // The server has set it already; behind a function that echoes it too, it would stand there twice.
    if (name !== 'x-call-id') outgoing.appendHeader(name, value);
  }
  outgoing.writeHead(response.status);
  if (reader === undefined) {
    await response.body?.cancel();
    outgoing.end();
    return 0;
  }
  outgoing.flushHeaders();
  return pump(reader, outgoing);
}

async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  outgoing: ServerResponse,
): Promise<number> {
  let bytes = 0;
  const gone = new AbortController();
  const leave = (): void => {
    gone.abort();
    reader.cancel(new Error('The client went away.')).catch(() => undefined);
  };
  outgoing.once('close', leave);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (outgoing.destroyed) {
        // It was closed before anybody here could hear of it.
        leave();
        break;
      }
      bytes += value.byteLength;
      if (!outgoing.write(value))
        await once(outgoing, 'drain', { signal: gone.signal }).catch(() => undefined);
    }
  } finally {
    outgoing.off('close', leave);
  }
  outgoing.end();
  return bytes;
}
