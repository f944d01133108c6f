import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { BodyTooLargeError, LimitedBody } from '../../template/typescript/server/limited-body.ts';

/** A server's side of a request, whose body a test sends piece by piece. */
async function openRequest(server: Server): Promise<{ incoming: IncomingMessage; socket: Socket }> {
  const arrived = once(server, 'request');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  const [incoming] = (await arrived) as [IncomingMessage];
  return { incoming, socket };
}

function send(socket: Socket, bytes: number): void {
  socket.write(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`);
}

describe('LimitedBody', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('gives what was sent, and ends with it', async () => {
    const { incoming, socket } = await openRequest(server);
    const body = new LimitedBody(incoming, 10);
    send(socket, 4);
    send(socket, 6);
    socket.write('0\r\n\r\n');
    expect(await new Response(body.stream).text()).to.equal('xxxxxxxxxx');
    expect(body.isExceeded).to.equal(false);
  });

  it('fails at the first byte too many, and says so beside the stream', async () => {
    const { incoming, socket } = await openRequest(server);
    const body = new LimitedBody(incoming, 10);
    const read = new Response(body.stream).text().catch((error: unknown) => error);
    send(socket, 11);
    await body.exceeded;
    expect(await read).to.be.instanceOf(BodyTooLargeError);
    expect(body.isExceeded).to.equal(true);
  });

  it('fails when the client goes away in the middle', async () => {
    const { incoming, socket } = await openRequest(server);
    const body = new LimitedBody(incoming, 10);
    const read = new Response(body.stream).text().catch((error: unknown) => error);
    send(socket, 4);
    socket.destroy();
    expect(String(await read)).to.contain('The client went away');
  });

  it('holds back a sender that is faster than the reader', async () => {
    const { incoming, socket } = await openRequest(server);
    const body = new LimitedBody(incoming, 2 ** 26);
    const paused = once(incoming, 'pause');
    let buffered = 0;
    incoming.on('data', (chunk: Buffer) => (buffered += chunk.byteLength));
    while (
      socket.write(Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(2 ** 16), Buffer.from('\r\n')]))
    );
    for (let i = 0; i < 64; i += 1) send(socket, 2 ** 16);
    await paused;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(incoming.isPaused()).to.equal(true);
    expect(buffered).to.be.lessThan(2 ** 20);
    await body.stream.cancel();
  });

  it('is read from when somebody has begun until they give it up', async () => {
    const { incoming } = await openRequest(server);
    const body = new LimitedBody(incoming, 10);
    expect(body.isRead).to.equal(false);
    const reader = body.stream.getReader();
    expect([body.isRead, body.isGivenUp]).to.deep.equal([true, false]);
    await reader.cancel();
    expect([body.isRead, body.isGivenUp]).to.deep.equal([false, true]);
  });

  it('fails for whoever wants it once it is drained', async () => {
    const { incoming, socket } = await openRequest(server);
    const body = new LimitedBody(incoming, 10);
    const read = new Response(body.stream).text().catch((error: unknown) => error);
    const drained = body.drain();
    socket.write('0\r\n\r\n');
    expect(await drained).to.equal(true);
    expect(String(await read)).to.contain('before the body was read');
  });

  it('cuts the connection of a client that stalls after its answer', async () => {
    const { incoming, socket } = await openRequest(server);
    const body = new LimitedBody(incoming, 10);
    const closed = new Promise((resolve) => incoming.once('close', resolve));
    socket.resume();
    body.discardRest({ maxBytes: 1_000, maxMs: 30, lingerMs: 0 });
    await closed;
    expect(incoming.destroyed).to.equal(true);
  });

  it('cuts the connection of a client that sends on past the bound', async () => {
    const { incoming, socket } = await openRequest(server);
    const body = new LimitedBody(incoming, 10);
    const closed = new Promise((resolve) => incoming.once('close', resolve));
    socket.resume();
    body.discardRest({ maxBytes: 1_000, maxMs: 60_000, lingerMs: 0 });
    send(socket, 2_000);
    await closed;
    expect(incoming.destroyed).to.equal(true);
  });

  it('leaves the connection open a moment longer, so that the answer is read before the reset', async () => {
    const { incoming, socket } = await openRequest(server);
    const body = new LimitedBody(incoming, 10);
    const paused = once(incoming, 'pause');
    body.discardRest({ maxBytes: 1_000, maxMs: 60_000, lingerMs: 60_000 });
    send(socket, 2_000);
    await paused;
    expect(incoming.destroyed).to.equal(false);
  });

  it('leaves a connection alone whose body has ended', async () => {
    const { incoming, socket } = await openRequest(server);
    const body = new LimitedBody(incoming, 10);
    socket.write('0\r\n\r\n');
    expect(await new Response(body.stream).text()).to.equal('');
    body.discardRest({ maxBytes: 0, maxMs: 0, lingerMs: 0 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(socket.destroyed).to.equal(false);
  });
});
