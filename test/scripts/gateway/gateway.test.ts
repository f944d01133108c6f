import { expect } from 'chai';
import { join } from 'node:path';
import { FAR_TOO_MANY_MEBIBYTES, sendZeros } from '../../fixtures/send-zeros.ts';
import { rawRequest } from '../../template/raw-http.ts';
import { ROOT, scratchFolder } from '../../template/running-server.ts';
import { RunningGateway } from './running-gateway.ts';

const STACK = join(ROOT, 'test/fixtures/functions/stack.yml');

interface Echo {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
}

describe('the local gateway', () => {
  let gateway: RunningGateway;
  let url: string;
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${url}${path}`, init);
  const echo = async (path: string, init?: RequestInit): Promise<Echo> =>
    (await (await get(path, init)).json()) as Echo;
  const problemOf = async (response: Response): Promise<unknown> => {
    expect(response.headers.get('content-type')).to.equal('application/problem+json');
    return response.json();
  };

  before(async () => {
    scratch = await scratchFolder();
    gateway = new RunningGateway({ stack: STACK, out: scratch.path, env: { TRAINER_TOKEN: 'a token' } });
    url = await gateway.url();
  });
  after(async () => {
    await gateway.stop();
    await scratch.remove();
  });

  it('prints what is running and what to open', async () => {
    await gateway.line(/Ctrl-C/);
    expect(gateway.lines.join('\n')).to.contain(`echo      ${url}/function/echo`);
    expect(gateway.lines).to.include(`Open ${url}/function/frontend/ in a browser.`);
  });

  it('leads from / to the page', async () => {
    const response = await get('/', { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).to.deep.equal([302, '/function/frontend/']);
    expect((await get('/')).status).to.equal(200);
  });

  it('answers /healthz', async () => {
    expect((await get('/healthz')).status).to.equal(200);
  });

  describe('a call of a function', () => {
    for (const [called, seen] of [
      ['/function/echo', '/'],
      ['/function/echo/', '/'],
      ['/function/echo/a/b%20c', '/a/b%20c'],
      ['/function/echo.openfaas-fn/a', '/a'],
    ] as const) {
      it(`${called} arrives as ${seen}`, async () => {
        expect((await echo(called)).path).to.equal(seen);
      });
    }

    it('carries query and body, and the headers that the real gateway adds', async () => {
      const { headers, query, bytes } = await echo('/function/echo?x=1&y=%C3%A9', {
        method: 'POST',
        body: 'abc',
        headers: { 'X-Own': 'kept', 'X-Call-Id': 'given-1' },
      });
      expect({ query, bytes }).to.deep.equal({ query: { x: '1', y: 'é' }, bytes: 3 });
      expect(headers).to.include({
        'x-own': 'kept',
        'x-call-id': 'given-1',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-host': url.slice('http://'.length),
      });
      expect(headers['x-start-time']).to.match(/^\d{19}$/);
    });

    it('takes only the query with it', async () => {
      expect(await echo('/function/echo?labels=a,b')).to.deep.include({
        path: '/',
        query: { labels: 'a,b' },
      });
    });

    it('has a call id in its answer, given or made', async () => {
      const made = await get('/function/echo');
      expect(made.headers.get('x-call-id')).to.match(/^[0-9a-f-]{36}$/);
      const given = await get('/function/echo', { headers: { 'X-Call-Id': 'given-2' } });
      expect(given.headers.get('x-call-id')).to.equal('given-2');
      expect(await gateway.line(/given-2/)).to.match(/^echo {2}GET \/ 200 [\d.]+ ms {2}given-2$/);
    });

    it('streams events as they come', async () => {
      const response = await get('/function/echo/events?n=3&ms=60', {
        headers: { Accept: 'text/event-stream' },
      });
      const reads: string[] = [];
      if (response.body === null) throw new Error('Expected a body.');
      for await (const chunk of response.body) reads.push(new TextDecoder().decode(chunk as Uint8Array));
      expect(reads).to.deep.equal(['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']);
    });

    it('passes a large body through, and the function’s 413 for one too large', async () => {
      const inside = await get('/function/echo', { method: 'POST', body: new Uint8Array(1_000_000) });
      expect(await inside.json()).to.include({ bytes: 1_000_000 });
      const outside = await get('/function/echo', { method: 'POST', body: new Uint8Array(3_000_000) });
      expect(await problemOf(outside)).to.include({ status: 413, code: 'body-too-large' });
      const { status, problem } = await sendZeros(`${url}/function/echo`, FAR_TOO_MANY_MEBIBYTES);
      expect(status, problem).to.equal(413);
    });

    for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'POST']) {
      it(`of ${method} takes its body along as a body, not as the next request`, async () => {
        const hidden = `GET /hidden-in-${method} HTTP/1.1\r\nHost: h\r\n\r\n`;
        const head = `${method} /function/echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n`;
        const body = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
        const port = Number(new URL(url).port);
        const { status } = await rawRequest(port, `${head}Transfer-Encoding: chunked\r\n\r\n${body}`);
        expect(status).to.be.oneOf([200, 204, 405]);
        // What was sent after it has been read by now.
        await get('/function/echo', { headers: { 'X-Call-Id': `after-${method}` } });
        await gateway.line(new RegExp(`after-${method}`));
        expect(gateway.lines.join('\n')).not.to.contain('/hidden');
      });
    }

    it('ends at the function when the client goes away', async () => {
      const leaving = new AbortController();
      const headers = { 'X-Call-Id': 'left-early' };
      const asked = get('/function/echo/until-aborted', { signal: leaving.signal, headers });
      asked.catch(() => undefined);
      await get('/function/echo/wait?ms=50');
      leaving.abort();
      await gateway.line(/left-early/);
      expect(await (await get('/function/echo/aborted')).json()).to.deep.equal(['left-early']);
    });

    it('is a 404 problem for a function that there is not, and for other paths', async () => {
      for (const path of [
        '/function/nobody',
        '/function/',
        '/function/echoes',
        '/async-function/echo',
        '/x',
      ]) {
        expect(await problemOf(await get(path))).to.include({ status: 404 });
      }
    });
  });

  it('refuses what a page of another site may send under a name of its own', async () => {
    const port = Number(new URL(url).port);
    for (const [hosts, expected] of [
      [['rebound.example'], 421],
      [[`rebound.example:${port}`], 421],
      [['a b'], 421],
      [['localhost', 'localhost'], 400],
      [[], 400],
      [['localhost'], 200],
    ] as const) {
      const lines = hosts.map((host) => `Host: ${host}\r\n`).join('');
      const request = `GET /function/echo HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`;
      const { status, body } = await rawRequest(port, request);
      expect(status, hosts.join()).to.equal(expected);
      if (status !== 200) expect(body, hosts.join()).to.contain('The request is not for this gateway');
    }
  });

  it('reads a request line that names it as a proxy', async () => {
    const port = Number(new URL(url).port);
    for (const [target, expected] of [
      [`http://127.0.0.1:${port}/function/echo?x=1`, 200],
      [`http://localhost`, 302],
      [`http://rebound.example/function/echo`, 421],
    ] as const) {
      const request = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
      expect((await rawRequest(port, request)).status, target).to.equal(expected);
    }
  });

  it('answers a request that expects what cannot be met as if it did not', async () => {
    const port = Number(new URL(url).port);
    const headers = 'Host: localhost\r\nExpect: a-miracle\r\nContent-Length: 3\r\nConnection: close';
    const request = `POST /function/echo HTTP/1.1\r\n${headers}\r\n\r\nabc`;
    expect((await rawRequest(port, request)).status).to.equal(200);
  });

  it('keeps to itself what `Connection` names, but never a body’s length', async () => {
    const port = Number(new URL(url).port);
    const headers = 'X-Mine: a\r\nX-Own: b\r\nContent-Length: 3\r\nConnection: close, X-Mine, Content-Length';
    const { body } = await rawRequest(
      port,
      `POST /function/echo HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\nabc`,
    );
    const seen = JSON.parse(/{.*}/.exec(body)?.[0] ?? '') as Echo;
    expect(seen.bytes).to.equal(3);
    expect(seen.headers).to.include({ 'x-own': 'b' }).and.not.have.property('x-mine');
  });

  it('answers what it cannot read with a problem', async () => {
    const port = Number(new URL(url).port);
    for (const [request, status] of [
      ['GET / HTTP/1.1\r\nHost : a b\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(140_000)}\r\n\r\n`, 431],
    ] as const) {
      const answer = await rawRequest(port, request);
      expect(answer.status).to.equal(status);
      expect(JSON.parse(answer.body)).to.have.property('status', status);
    }
  });

  describe('the environment of a function', () => {
    it('is that of the stack file, with this gateway and a port of its own', async () => {
      const response = await get('/function/echo/environment');
      const { env, cwd } = (await response.json()) as { env: Record<string, string>; cwd: string };
      expect(env).to.include({ greeting: 'hello', gateway_url: url, TRAINER_TOKEN: 'a token' });
      expect(env).not.to.have.any.keys('PORT', 'healthcheck_interval');
      expect(cwd).to.equal(join(ROOT, 'test/fixtures/functions'));
    });
  });

  describe('/system', () => {
    it('lists the functions as OpenFaaS does', async () => {
      const list = (await (await get('/system/functions')).json()) as Record<string, unknown>[];
      expect(list.map(({ name }) => name)).to.deep.equal(['echo', 'frontend']);
      expect(list[0]).to.deep.include({
        image: 'samples/echo:latest',
        namespace: 'openfaas-fn',
        availableReplicas: 1,
        replicas: 1,
        labels: { 'com.openfaas.scale.min': '1' },
        limits: { memory: '128Mi' },
      });
    });

    it('counts what was called', async () => {
      const count = async (): Promise<number> => {
        const status = (await (await get('/system/function/echo')).json()) as { invocationCount: number };
        return status.invocationCount;
      };
      const before = await count();
      await get('/function/echo');
      expect(await count()).to.equal(before + 1);
    });

    it('describes itself, and knows nothing of others', async () => {
      expect(await (await get('/system/info')).json()).to.have.nested.property('provider.provider', 'local');
      expect(await problemOf(await get('/system/function/nobody'))).to.include({ status: 404 });
    });

    it('deploys nothing', async () => {
      const response = await get('/system/functions', { method: 'POST', body: '{}' });
      expect(response.headers.get('allow')).to.equal('GET');
      expect(await problemOf(response)).to.include({ status: 405 });
    });
  });

  it('answers 502 when a function dies in the middle, starts it again, and serves the next call', async () => {
    expect(await problemOf(await get('/function/echo/die'))).to.include({ status: 502 });
    await gateway.line(/echo {2}ended \(code 7\); it is started again in 250 ms\./);
    expect((await get('/function/echo')).status).to.equal(200);
    expect((await get('/function/frontend')).status).to.equal(200);
  });
});
