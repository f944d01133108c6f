import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedRequest {
  readonly path: string;
  readonly range: string | undefined;
}

/** Answers one request out of turn; returns true when it did, false to have the file served as it should be. */
export type Fault = (request: IncomingMessage, response: ServerResponse, file: Buffer) => boolean;

/** A file server on this machine that can be told to misbehave. */
export interface FileServer {
  readonly origin: string;
  readonly requests: readonly ServedRequest[];
  /** The next requests meet these faults, one each; after them all is well. */
  misbehave(...faults: Fault[]): void;
  close(): Promise<void>;
}

/** @param files by path, `/a/b` */
export async function startFileServer(
  files: ReadonlyMap<string, Buffer>,
  options: { ranges?: boolean } = {},
): Promise<FileServer> {
  const requests: ServedRequest[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, range: request.headers.range });
    const file = files.get(path);
    const fault = faults.shift();
    if (fault?.(request, response, file ?? Buffer.alloc(0)) === true) return;
    if (file === undefined) {
      response.writeHead(404).end('no such file');
      return;
    }
    serve(request, response, options.ranges === false ? { file } : { file, range: request.headers.range });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    misbehave: (...more) => void faults.push(...more),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function serve(
  _: IncomingMessage,
  response: ServerResponse,
  what: { file: Buffer; range?: string | undefined },
) {
  const from = Number(/^bytes=(\d+)-$/.exec(what.range ?? '')?.[1] ?? NaN);
  const size = what.file.length;
  if (Number.isNaN(from)) {
    response.writeHead(200, { 'Content-Length': size }).end(what.file);
  } else if (from >= size) {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
  } else {
    const headers = { 'Content-Length': size - from, 'Content-Range': `bytes ${from}-${size - 1}/${size}` };
    response.writeHead(206, headers).end(what.file.subarray(from));
  }
}

export function status(code: number, headers: Record<string, string> = {}): Fault {
  return (_request, response) => {
    response.writeHead(code, headers).end('not now');
    return true;
  };
}

/** Announces the whole file and hangs up after `bytes`. */
export function cutAfter(bytes: number): Fault {
  return (_request, response, file) => {
    response.writeHead(200, { 'Content-Length': file.length });
    response.write(file.subarray(0, bytes), () => setTimeout(() => response.destroy(), 20));
    return true;
  };
}

/** Sends `bytes` and then nothing, with the connection open. */
export function stallAfter(bytes: number): Fault {
  return (_request, response, file) => {
    response.writeHead(200, { 'Content-Length': file.length });
    response.write(file.subarray(0, bytes));
    return true;
  };
}

/** A file of the right size with one bit turned over. */
export function corrupt(): Fault {
  return (_request, response, file) => {
    const wrong = Buffer.from(file);
    wrong[wrong.length >> 1] = (wrong[wrong.length >> 1] ?? 0) ^ 1;
    response.writeHead(200, { 'Content-Length': wrong.length }).end(wrong);
    return true;
  };
}

/** More bytes than the file has, without saying how many. */
export function tooMuch(extra: number): Fault {
  return (_request, response, file) => {
    response.writeHead(200, { 'Transfer-Encoding': 'chunked' });
    response.end(Buffer.concat([file, Buffer.alloc(extra)]));
    return true;
  };
}

/** The file in `pieces`, a few milliseconds apart: slow, but it moves. */
export function throttle(pieces: number): Fault {
  return (_request, response, file) => {
    response.writeHead(200, { 'Content-Length': file.length });
    const size = Math.ceil(file.length / pieces);
    const send = (at: number) => {
      if (at >= file.length) return void response.end();
      response.write(file.subarray(at, at + size));
      setTimeout(send, 5, at + size);
    };
    send(0);
    return true;
  };
}
