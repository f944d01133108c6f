import { expect } from 'chai';
import { request } from 'node:http';
import { expectNoInsides, expectProblem } from './problem.ts';
import { EchoServers, type RunningServer } from './running-server.ts';

interface Echo {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
}

describe('the server of the template', () => {
  const servers = new EchoServers();
  let server: RunningServer;
  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${server.url}${path}`, init);
  const echo = async (path: string, init?: RequestInit): Promise<Echo> =>
    (await (await get(path, init)).json()) as Echo;

  before(async () => {
    await servers.build();
    server = await servers.start();
  });
  after(() => servers.remove());

  describe('the request', () => {
    it('has method, path, query, headers and body', async () => {
      const seen = await echo('/a/b%20c?x=1&y=%C3%A9', {
        method: 'PUT',
        body: 'abc',
        headers: { 'X-Own': 'öne' },
      });
      expect(seen).to.deep.include({ method: 'PUT', path: '/a/b%20c', query: { x: '1', y: 'é' }, bytes: 3 });
      expect(seen.headers).to.include({ 'x-own': 'öne', host: `127.0.0.1:${server.port}` });
    });

    it('keeps a path that looks like another host', async () => {
      const seen = await new Promise<string>((resolve, reject) => {
        request({ port: server.port, path: '//elsewhere.example/x' }, (response) => {
          response.setEncoding('utf8').on('data', resolve);
        })
          .on('error', reject)
          .end();
      });
      expect(JSON.parse(seen)).to.include({ path: '//elsewhere.example/x' });
    });

    it('has a query longer than 64 KiB', async () => {
      const label = 'x'.repeat(70_000);
      expect((await echo(`/?labels=${label}`)).query.labels).to.equal(label);
    });

    it('refuses methods that no Request may have', async () => {
      const status = await new Promise((resolve, reject) => {
        request({ port: server.port, method: 'TRACE' }, (response) => {
          response.resume();
          resolve([response.statusCode, response.headers.allow?.includes('GET')]);
        })
          .on('error', reject)
          .end();
      });
      expect(status).to.deep.equal([405, true]);
    });

    it('is aborted when the client goes away', async () => {
      const leaving = new AbortController();
      const asked = get('/until-aborted', { signal: leaving.signal, headers: { 'X-Call-Id': 'left-early' } });
      asked.catch(() => undefined);
      // A request on the same server, so that the first one has arrived before its client leaves.
      await get('/wait?ms=50');
      leaving.abort();
      const line = await server.requestLine('left-early');
      expect(line).to.include({ aborted: true });
      expect(await (await get('/aborted')).json()).to.deep.equal(['left-early']);
    });
  });

  describe('the response', () => {
    it('streams a request body back as it comes', async () => {
      const chunks = ['one', 'two', 'three'];
      let sent = 0;
      const body = new ReadableStream({
        pull(controller) {
          const chunk = chunks[sent++];
          if (chunk === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(chunk));
        },
      });
      const response = await get('/stream', { method: 'POST', body, duplex: 'half' });
      expect(await response.text()).to.equal('onetwothree');
    });

    it('passes events on one by one', async () => {
      const response = await get('/events?n=3&ms=60');
      expect(response.headers.get('content-type')).to.equal('text/event-stream');
      const reads: string[] = [];
      if (response.body === null) throw new Error('Expected a body.');
      for await (const chunk of response.body) reads.push(new TextDecoder().decode(chunk as Uint8Array));
      expect(reads).to.deep.equal(['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']);
    });

    it('has no body for HEAD, and the connection goes on', async () => {
      const head = await get('/', { method: 'HEAD' });
      expect([head.status, await head.text()]).to.deep.equal([200, '']);
      expect(head.headers.get('content-type')).to.equal('application/json');
      expect((await get('/')).status).to.equal(200);
    });

    it('is cut, not ended, when the function fails in the middle of it', async () => {
      const response = await get('/broken-stream', { headers: { 'X-Call-Id': 'broken' } });
      const failure = await response.text().then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).to.be.instanceOf(TypeError);
      const line = await server.line(({ level, callId }) => level === 'error' && callId === 'broken');
      expect(line.err).to.include({ message: 'a secret of the stream' });
    });

    it('is a problem when the function answers with something else', async () => {
      await expectProblem(await get('/not-a-response'), 500);
    });
  });

  describe('the call id', () => {
    it('is kept, passed to the function, echoed and logged', async () => {
      const response = await get('/some/path?a=secret', { headers: { 'X-Call-Id': 'Call_1.2:3-4' } });
      expect(response.headers.get('x-call-id')).to.equal('Call_1.2:3-4');
      const text = await response.text();
      expect((JSON.parse(text) as Echo).headers['x-call-id']).to.equal('Call_1.2:3-4');
      const line = await server.requestLine('Call_1.2:3-4');
      const known = { level: 'info', method: 'GET', path: '/some/path', status: 200, bytes: text.length };
      expect(line).to.include(known);
      expect(line.durationMs).to.be.a('number');
      expect(new Date(String(line.time)).toISOString()).to.equal(line.time);
    });

    for (const unfit of ['', 'with space', 'x'.repeat(129), '{"a":1}']) {
      it(`is made anew instead of ${JSON.stringify(unfit.slice(0, 20))}`, async () => {
        const response = await get('/', { headers: { 'X-Call-Id': unfit } });
        expect(response.headers.get('x-call-id')).to.match(/^[0-9a-f-]{36}$/);
        expect(((await response.json()) as Echo).headers['x-call-id']).to.equal(
          response.headers.get('x-call-id'),
        );
      });
    }
  });

  it('writes nothing but JSON lines', async () => {
    await expectProblem(await get('/throw'), 500);
    expect(server.stray).to.deep.equal([]);
    expect(server.lines.every(({ level }) => typeof level === 'string')).to.equal(true);
    expectNoInsides(JSON.stringify(await echo('/')));
  });
});
