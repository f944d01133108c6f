import { expect } from 'chai';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AppError, type ErrorCode } from '../../../shared/core/errors.ts';
import { ClipClient, type ClipCall, type ClipReply } from '../../../shared/http/clip-client.ts';

type Reply = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const servers: Server[] = [];

/** A loopback gateway that gives the nth reply to the nth request, and the last one from then on. */
async function gateway(...replies: [Reply, ...Reply[]]): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const reply = replies[Math.min(seen.length, replies.length - 1)] ?? replies[0];
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      reply(request, response, body);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const answer =
  (status: number, body = '', headers: Record<string, string> = {}): Reply =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
const problem = (status: number, members: object, headers: Record<string, string> = {}): Reply =>
  answer(status, JSON.stringify({ type: 'about:blank', status, ...members }), {
    'Content-Type': 'application/problem+json',
    ...headers,
  });
const silence: Reply = () => undefined;

const call = (url: string, more: Partial<ClipCall> = {}, timeoutMs = 10_000): Promise<ClipReply> =>
  new ClipClient({ gatewayUrl: url, timeoutMs }).call({
    body: new Uint8Array([1, 2, 3]),
    callId: 'id-1',
    ...more,
  });

async function failure(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Expected a failure but received an answer.');
}

describe('ClipClient', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      (server as unknown as { closeAllConnections(): void }).closeAllConnections();
    }
  });

  describe('sends', () => {
    it('a picture as raw bytes with query and call id', async () => {
      const { url, seen } = await gateway(answer(200, '{"head":"cifar100"}', { 'X-Cache': 'hit' }));
      const reply = await call(url, { query: new URLSearchParams({ head: 'cat-dog', labels: 'a,ä' }) });
      expect(reply.json).to.deep.equal({ head: 'cifar100' });
      expect(reply.headers.get('X-Cache')).to.equal('hit');
      expect(seen).to.have.length(1);
      expect(seen[0]?.method).to.equal('POST');
      expect(seen[0]?.url).to.equal('/function/clip?head=cat-dog&labels=a%2C%C3%A4');
      expect(seen[0]?.headers['x-call-id']).to.equal('id-1');
      expect(seen[0]?.headers['content-type']).to.equal('application/octet-stream');
      expect([...(seen[0]?.body ?? [])]).to.deep.equal([1, 2, 3]);
    });

    it('a GET to a path below the function where there is no body', async () => {
      const { url, seen } = await gateway(answer(200, '{"heads":[]}'));
      await new ClipClient({ gatewayUrl: url, timeoutMs: 5_000 }).call({ path: '/heads', callId: 'id-2' });
      expect(seen[0]?.method).to.equal('GET');
      expect(seen[0]?.url).to.equal('/function/clip/heads');
    });

    it('a form as multipart', async () => {
      const { url, seen } = await gateway(answer(200, '{}'));
      const form = new FormData();
      form.append('labels', 'red, or nearly');
      await call(url, { body: form });
      expect(seen[0]?.headers['content-type']).to.match(/^multipart\/form-data; boundary=/);
      expect(seen[0]?.body.toString()).to.contain('red, or nearly');
    });
  });

  describe('maps what a gateway says', () => {
    const rows: [string, Reply, ErrorCode, RegExp][] = [
      ['502 with an empty body', answer(502), 'upstream-failed', /could not reach the classifier.*again/],
      ['503 text', answer(503, 'no endpoints available for: clip'), 'upstream-failed', /No instance.*again/],
      [
        "500 text, can't reach",
        answer(500, "Can't reach service for: clip."),
        'upstream-failed',
        /stopped.*again/,
      ],
      ['500 empty', answer(500), 'upstream-failed', /stopped before it could answer.*again/],
      ['504 empty', answer(504), 'upstream-timeout', /ran out of time.*smaller/],
      ['200 with an empty body', answer(200), 'upstream-failed', /broke off without an answer.*again/],
      ['200 with blanks only', answer(200, ' \n'), 'upstream-failed', /broke off without an answer/],
      [
        '200 that is not JSON',
        answer(200, '<h1>It works!</h1>'),
        'upstream-failed',
        /Something else.*gateway_url/,
      ],
      ['404 text', answer(404, 'error finding function clip'), 'upstream-failed', /not installed.*deploy/],
      ['413 text', answer(413, 'too large'), 'body-too-large', /smaller/],
      [
        'a redirect',
        answer(302, '', { Location: 'http://127.0.0.1:1/' }),
        'upstream-failed',
        /Something else.*gateway_url/,
      ],
      [
        'an answer that is cut',
        (request, response) => {
          response.writeHead(200, { 'Content-Length': '100' });
          response.write('{"head"', () => request.socket.destroy());
        },
        'upstream-failed',
        /cannot be reached/,
      ],
    ];
    for (const [name, reply, code, message] of rows) {
      it(`${name} → ${code}`, async () => {
        const { url, seen } = await gateway(reply);
        const error = await failure(call(url));
        expect(error.code).to.equal(code);
        expect(error.message).to.match(message);
        expect(seen).to.have.length(1);
      });
    }

    it('a refused connection → upstream-failed', async () => {
      const { url } = await gateway(silence);
      const server = servers.pop();
      await new Promise((resolve) => server?.close(resolve));
      const error = await failure(call(url));
      expect(error.code).to.equal('upstream-failed');
      expect(error.message).to.match(/cannot be reached/);
    });

    it('silence → upstream-timeout within the budget', async () => {
      const { url } = await gateway(silence);
      const error = await failure(call(url, {}, 60));
      expect(error.code).to.equal('upstream-timeout');
      expect(error.message).to.match(/within 0\.1 s/);
    });

    it('an answer that stops half-way → upstream-timeout, also where memory was cleared meanwhile', async () => {
      setFlagsFromString('--expose-gc');
      const clearMemory = runInNewContext('gc') as () => void;
      const { url } = await gateway((_request, response) => response.writeHead(200).write('{"half":'));
      const { signal } = new AbortController();
      const ended = Promise.all([failure(call(url, {}, 500)), failure(call(url, { signal }, 500))]);
      for (let times = 0; times < 5; times++) {
        await pause(50);
        clearMemory();
      }
      expect((await ended).map(({ code }) => code)).to.deep.equal(['upstream-timeout', 'upstream-timeout']);
    });

    it('a sender who has gone: the call ends at once', async () => {
      const leave = new AbortController();
      const { url } = await gateway(() => leave.abort());
      const error = await failure(call(url, { signal: leave.signal }));
      expect(error.message).to.match(/given up by its sender/);
    });
  });

  describe("passes the function's own problems on", () => {
    it('4xx with code, detail and fields', async () => {
      const errors = [{ field: 'top', message: 'Expected 1 to 100 for `top` but received "x".' }];
      const { url } = await gateway(problem(400, { code: 'bad-request', detail: 'Bad `top`.', errors }));
      const error = await failure(call(url));
      expect(error.code).to.equal('bad-request');
      expect(error.message).to.equal('Bad `top`.');
      expect(error.fields).to.deep.equal(errors);
    });

    it('415 and 422 as they are', async () => {
      const heic = await gateway(
        problem(415, { code: 'unsupported-image', detail: 'HEIC: save it as JPEG.' }),
      );
      expect((await failure(call(heic.url))).code).to.equal('unsupported-image');
      const torn = await gateway(problem(422, { code: 'undecodable-image', detail: 'Corrupt.' }));
      expect((await failure(call(torn.url))).message).to.equal('Corrupt.');
    });

    it('503 while loading, with its Retry-After', async () => {
      const reply = problem(503, { code: 'not-ready', detail: 'Still loading.' }, { 'Retry-After': '3' });
      const { url } = await gateway(reply);
      const error = await failure(call(url));
      expect(error.code).to.equal('not-ready');
      expect(error.retryAfterSeconds).to.equal(3);
    });

    it('an internal error says nothing of the inside', async () => {
      const { url } = await gateway(problem(500, { code: 'internal', detail: 'at /srv/x.js:1' }));
      const error = await failure(call(url));
      expect(error.code).to.equal('upstream-failed');
      expect(error.message).not.to.contain('/srv');
    });

    it('a problem that is not JSON counts by its status', async () => {
      const { url } = await gateway(answer(504, '{', { 'Content-Type': 'application/problem+json' }));
      expect((await failure(call(url))).code).to.equal('upstream-timeout');
    });
  });

  describe('after 429', () => {
    it('tries once more and answers', async () => {
      const { url, seen } = await gateway(
        answer(429, '', { 'Retry-After': '0' }),
        answer(200, '{"ok":true}'),
      );
      expect((await call(url)).json).to.deep.equal({ ok: true });
      expect(seen).to.have.length(2);
      expect([...(seen[1]?.body ?? [])]).to.deep.equal([1, 2, 3]);
    });

    it('tries once more at once where the connection was cut before an answer', async () => {
      const cut: Reply = (request) => void request.socket.destroy();
      const { url, seen } = await gateway(cut, answer(200, '{"a":1}'));
      expect((await call(url)).json).to.deep.equal({ a: 1 });
      expect(seen).to.have.length(2);
      const lasting = await gateway(cut);
      expect((await failure(call(lasting.url))).message).to.match(/cannot be reached.*again/);
      expect(lasting.seen).to.have.length(2);
    });

    it('tries no third time', async () => {
      const { url, seen } = await gateway(answer(429, 'too busy', { 'Retry-After': '0' }));
      const error = await failure(call(url));
      expect(error.code).to.equal('busy');
      expect(seen).to.have.length(2);
    });

    it('does not wait for what its budget forbids', async () => {
      const { url, seen } = await gateway(answer(429, '', { 'Retry-After': '30' }));
      const error = await failure(call(url));
      expect(error.code).to.equal('busy');
      expect(error.retryAfterSeconds).to.equal(30);
      expect(seen).to.have.length(1);
    });

    it('stops waiting when the sender goes', async () => {
      const leave = new AbortController();
      const { url, seen } = await gateway((_request, response) => {
        response.writeHead(429, { 'Retry-After': '5' }).end();
        setTimeout(() => leave.abort(), 20);
      });
      const error = await failure(call(url, { signal: leave.signal }));
      expect(error.message).to.match(/given up/);
      expect(seen).to.have.length(1);
    });
  });
});
