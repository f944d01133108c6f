import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import { FakeClip, type Reply } from './fake-clip.ts';

export type Frontend = (request: Request) => Promise<Response>;

/** What a gateway says of a function that it cannot reach, and of one that it does not know. */
const [NOT_RUNNING, NOT_DEPLOYED] = [502, 404];

/**
 * A gateway of a test's own on 127.0.0.1: `/function/clip` is a FakeClip, `/function/frontend` and `/function/trainer`
 * whatever is put there.
 * Like the real one it takes the function's name off the path.
 */
export class LoopbackGateway {
  readonly clip = new FakeClip();
  frontend: Frontend | undefined;
  /** None by default, as in a set without it. */
  trainer: Reply | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#route(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(): Promise<LoopbackGateway> {
    const gateway = new LoopbackGateway();
    await new Promise<void>((resolve) => gateway.#server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name, rest = ''] = /^\/function\/([a-z]+)(.*)$/.exec(request.url ?? '') ?? [];
    if (name === 'clip' || (name === 'trainer' && this.trainer !== undefined)) {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = '', headers } = request;
      const asked = { method, headers, url: atRoot(rest), body: Buffer.concat(chunks) };
      if (name === 'clip') this.clip.answer(asked, response);
      else this.trainer?.(asked, response);
    } else if (name === 'frontend' && this.frontend !== undefined) {
      await send(await this.frontend(asRequest(request, `${this.url}${atRoot(rest)}`)), response);
    } else response.writeHead(name === 'frontend' ? NOT_RUNNING : NOT_DEPLOYED).end();
  }
}

function atRoot(rest: string): string {
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function asRequest(request: IncomingMessage, url: string): Request {
  const { method = 'GET' } = request;
  const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  return new Request(url, {
    method,
    headers,
    body: Readable.toWeb(request) as ReadableStream,
    duplex: 'half',
  });
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
