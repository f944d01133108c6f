import { expect } from 'chai';
import { connect } from 'node:net';
import { expectNoInsides } from './problem.ts';
import { rawRequest, type RawAnswer } from './raw-http.ts';
import { EchoServers, type RunningServer } from './running-server.ts';

function expectRawProblem(answer: RawAnswer, status: number, code: string): void {
  expect(answer.status).to.equal(status);
  expect(answer.headers.get('content-type')).to.equal('application/problem+json');
  expect(JSON.parse(answer.body)).to.include({ type: 'about:blank', status, code });
  expectNoInsides(answer.body);
}

describe('requests that Node itself refuses', () => {
  const servers = new EchoServers();
  let server: RunningServer;
  before(async () => {
    await servers.build();
    server = await servers.start({ read_timeout: '1s' });
  });
  after(() => servers.remove());

  it('that are no HTTP are a 400 problem', async () => {
    expectRawProblem(await rawRequest(server.port, 'this is not HTTP\r\n\r\n'), 400, 'bad-request');
  });

  it('with two lengths (request smuggling) are a 400 problem', async () => {
    const smuggled =
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    expectRawProblem(await rawRequest(server.port, smuggled), 400, 'bad-request');
  });

  it('with a Host that makes no URL are a 400 problem', async () => {
    const answer = await rawRequest(server.port, 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n');
    expect(answer.status).to.equal(400);
    expect(answer.headers.get('content-type')).to.equal('application/problem+json');
  });

  for (const [name, head] of [
    ['without a Host', 'GET / HTTP/1.1\r\n'],
    ['with two Hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n'],
    ["with a user's name in the Host", 'GET / HTTP/1.1\r\nHost: user:word@x\r\n'],
    ["with a user's name in the target", 'GET http://user@x/ HTTP/1.1\r\nHost: x\r\n'],
  ] as const) {
    it(`${name} are a 400 problem`, async () => {
      const answer = await rawRequest(server.port, `${head}Connection: close\r\n\r\n`);
      expect(answer.status).to.equal(400);
      expect(answer.headers.get('content-type')).to.equal('application/problem+json');
    });
  }

  it('of HTTP/1.0 need no Host', async () => {
    expect((await rawRequest(server.port, 'GET / HTTP/1.0\r\n\r\n')).status).to.equal(200);
  });

  it('with an expectation of their own are served', async () => {
    const head = 'GET / HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\nConnection: close\r\n\r\n';
    expect((await rawRequest(server.port, head)).status).to.equal(200);
  });

  it('in the middle of an answer end it, and put nothing into it', async () => {
    const begun = 'GET /events?n=20&ms=100 HTTP/1.1\r\nHost: x\r\n\r\n';
    const socket = connect(server.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('error', () => undefined).write(begun);
    socket.once('data', () => socket.write('this is not HTTP\r\n\r\n'));
    socket.on('data', (chunk) => chunks.push(chunk));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(Buffer.concat(chunks).toString()).to.contain('data: 1').and.not.to.contain('400 Bad Request');
  });

  it('with headers over 128 KiB are a 431 problem', async () => {
    const answer = await rawRequest(server.port, `GET /?${'x'.repeat(140_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expectRawProblem(answer, 431, 'headers-too-large');
  });

  it('that never finish arriving are a 408 problem, not a connection held for ever', async () => {
    const begun = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc';
    expectRawProblem(await rawRequest(server.port, begun), 408, 'request-timeout');
    expectRawProblem(await rawRequest(server.port, 'GET / HTTP/1.1\r\nX-Slow: '), 408, 'request-timeout');
  });

  it('do no harm: it serves on, and says what it refused', async () => {
    expect((await fetch(server.url)).status).to.equal(200);
    const refused = server.lines.filter(({ level }) => level === 'warn').map(({ status }) => status);
    expect(refused).to.include.members([400, 431, 408]);
    expect(server.stray).to.deep.equal([]);
  });

  it('are not answered where the client has gone', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET / HTT');
    socket.resetAndDestroy();
    expect((await fetch(server.url)).status).to.equal(200);
  });
});
