import { expect } from 'chai';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { rawRequest } from './raw-http.ts';
import { expectProblem } from './problem.ts';
import { EchoServers, type RunningServer } from './running-server.ts';

const KIB = 2 ** 10;

/** A body that is sent chunked, without Content-Length, as of-watchdog sends it. */
function streamed(bytes: number): RequestInit {
  let left = bytes;
  const body = new ReadableStream({
    pull(controller) {
      const size = Math.min(left, 64 * KIB);
      if (size === 0) controller.close();
      else controller.enqueue(new Uint8Array(size));
      left -= size;
    },
  });
  return { method: 'POST', body, duplex: 'half' };
}

describe('the limit of a request body', () => {
  const servers = new EchoServers();
  let server: RunningServer;

  before(async () => {
    await servers.build();
    server = await servers.start({ max_request_bytes: '1MiB' });
  });
  after(() => servers.remove());

  it('lets the last byte pass, and no more', async () => {
    expect((await fetch(server.url, streamed(1024 * KIB))).status).to.equal(200);
    await expectProblem(await fetch(server.url, streamed(1024 * KIB + 1)), 413);
  });

  it('holds where Content-Length tells before the body comes', async () => {
    const problem = await expectProblem(
      await fetch(server.url, { method: 'POST', body: new Uint8Array(2_048 * KIB) }),
      413,
    );
    expect(problem.code).to.equal('body-too-large');
  });

  it('holds for a function that swallows the failure', async () => {
    await expectProblem(await fetch(`${server.url}/swallow`, streamed(2_048 * KIB)), 413);
  });

  it('is no fault of the function in the log', async () => {
    const response = await fetch(server.url, streamed(2_048 * KIB));
    const { callId = '' } = await expectProblem(response, 413);
    await server.requestLine(callId);
    expect(server.lines.filter((line) => line.callId === callId && line.level === 'error')).to.deep.equal([]);
  });

  it('reads on, so that a client that sends 20 MiB first and reads then sees the answer', async () => {
    const answer = await new Promise<{ status: number | undefined; type: string | undefined }>(
      (resolve, reject) => {
        const sending = request({ port: server.port, method: 'POST' }, (response) => {
          response.resume();
          resolve({ status: response.statusCode, type: response.headers['content-type'] });
        });
        sending.on('error', reject);
        for (let i = 0; i < 20; i += 1) sending.write(new Uint8Array(1_024 * KIB));
        sending.end();
      },
    );
    expect(answer).to.deep.equal({ status: 413, type: 'application/problem+json' });
  });

  it('says no before the body is sent, to a client that waits for 100 Continue', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n';
    const refused = await rawRequest(server.port, `${head}Content-Length: 99999999\r\n\r\n`);
    expect(refused.status).to.equal(413);
    const taken = await rawRequest(server.port, `${head}Content-Length: 2\r\n\r\nab`);
    expect(taken.text).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  });

  it('reads a body that the function did not want, and keeps the connection', async () => {
    const response = await fetch(`${server.url}/ignore-body`, streamed(512 * KIB));
    expect(await response.text()).to.equal('not read');
    expect((await fetch(server.url)).status).to.equal(200);
  });

  it('takes the next request of a connection, however much of the last body lay there unread', async () => {
    const piece = `4b000\r\n${'x'.repeat(0x4b000)}\r\n0\r\n\r\n`;
    const head = 'POST /ignore-body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
    const last = 'GET /aborted HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const { text } = await rawRequest(server.port, `${head}${piece}${last}`);
    expect(text.match(/^HTTP\/1\.1 200 OK/gm)).to.have.length(2);
  });

  it('refuses a body that nobody reads once it is there: proxies may cut off whoever still sends', async () => {
    const socket = connect(server.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write('POST /refuse-body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
    await fetch(server.url);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answer).to.equal('');
    socket.write('0\r\n\r\n');
    await once(socket, 'data');
    expect(answer).to.match(/^HTTP\/1\.1 404 /);
    socket.destroy();
  });

  it('leaves it to an answer that begins to read it only as it is sent', async () => {
    for (const bytes of [0, 1, 1_024 * KIB]) {
      const answer = await fetch(`${server.url}/count`, streamed(bytes));
      expect(await answer.text()).to.equal(`counted: ${bytes}`);
    }
  });

  it('goes on with an answer that has no end, while the body still comes', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST /endless HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).to.match(/^HTTP\/1\.1 200 OK/);
    socket.destroy();
    expect((await fetch(server.url)).status).to.equal(200);
  });

  it('waits for the rest of it no longer than the function may take', async () => {
    const { port } = await servers.start({ exec_timeout: '500ms' });
    const head =
      'POST /refuse-body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
    const { status, body } = await rawRequest(port, `${head}3\r\nabc\r\n`, 4_000);
    expect(status, body).to.equal(404);
  });

  it('does not read for ever: a client that never stops sending is cut off', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(2 ** 20), Buffer.from('\r\n')]);
    let sent = 0;
    const more = (): void => {
      while (!socket.destroyed && socket.write(chunk)) sent += chunk.byteLength;
      sent += chunk.byteLength;
    };
    socket.on('drain', more).on('error', () => undefined);
    socket.resume();
    socket.write('POST /ignore-body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    more();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(sent).to.be.greaterThan(500 * 2 ** 20);
    expect(sent).to.be.lessThan(560 * 2 ** 20);
  });

  it('leaves the server whole after all that', async () => {
    expect((await fetch(server.url)).status).to.equal(200);
    expect(server.stray).to.deep.equal([]);
  });
});
