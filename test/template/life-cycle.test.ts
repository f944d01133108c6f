import { expect } from 'chai';
import { request } from 'node:http';
import { expectProblem } from './problem.ts';
import { EchoServers } from './running-server.ts';

describe('the life of a server', () => {
  const servers = new EchoServers();
  before(() => servers.build());
  after(() => servers.remove());

  describe('while the function loads', () => {
    it('listens, and answers once it is loaded', async () => {
      const server = await servers.start({ load_ms: '300' });
      expect((await fetch(server.url)).status).to.equal(200);
      expect(server.lines.map(({ msg }) => msg).slice(0, 2)).to.deep.equal(['listening', 'loaded']);
    });

    it('waits no longer than load_wait: then it is a 503 with Retry-After', async () => {
      const server = await servers.start({ load_ms: '60000', load_wait: '50ms' });
      const response = await fetch(server.url, { method: 'POST', body: 'x' });
      expect(response.headers.get('retry-after')).to.equal('2');
      expect((await expectProblem(response, 503)).code).to.equal('not-ready');
    });

    it('does not wait at all at ready_path', async () => {
      const server = await servers.start({ load_ms: '60000', load_wait: '1h', ready_path: '/ready' });
      await expectProblem(await fetch(`${server.url}/ready`), 503);
    });

    it('can be told to leave: what loads is closed once it is there', async () => {
      const server = await servers.start({ load_ms: '1500' });
      server.child.kill('SIGTERM');
      expect(await server.exit()).to.equal(0);
      expect(server.lines.map(({ msg }) => msg)).to.include.members(['loaded', 'closed', 'left']);
    });

    it('does not stay for what loads longer than an answer may take', async () => {
      const server = await servers.start({ load_ms: '60000', write_timeout: '100ms' });
      server.child.kill('SIGTERM');
      expect(await server.exit()).to.equal(0);
    });
  });

  describe('when it cannot start', () => {
    it('says why in its log and exits with 1, so that it is started again', async () => {
      const server = await servers.start({ fail_to_load: 'on purpose' });
      expect(await server.exit()).to.equal(1);
      const line = await server.line(({ level }) => level === 'fatal');
      expect(line.msg).to.equal('The function could not be loaded');
      expect(line.err).to.include({ message: 'The sample was told to fail: on purpose' });
      expect(server.stray).to.deep.equal([]);
    });

    it('names a malformed setting', async () => {
      const server = await servers.start({ http_port: 'eighty' });
      expect(await server.exit()).to.equal(1);
      expect((await server.line(({ level }) => level === 'fatal')).err).to.deep.include({
        message: 'Expected usable settings but received http_port="eighty".',
      });
    });

    it('names a port that is taken', async () => {
      const first = await servers.start();
      const second = await servers.start({ http_port: String(first.port) });
      expect(await second.exit()).to.equal(1);
      expect(JSON.stringify(second.lines)).to.contain('EADDRINUSE');
    });
  });

  describe('after SIGTERM', () => {
    it('serves new requests as long as a proxy may send them, then closes the function and exits with 0', async () => {
      const server = await servers.start({ healthcheck_interval: '400ms' });
      server.child.kill('SIGTERM');
      await server.line(({ msg }) => msg === 'leaving when idle');
      expect((await fetch(server.url)).status).to.equal(200);
      expect(await server.exit()).to.equal(0);
      const messages = server.lines.map(({ msg }) => msg);
      expect(messages.slice(-3)).to.deep.equal(['request', 'closed', 'left']);
    });

    it('does not wait for ever for a request that hangs', async () => {
      const server = await servers.start({ write_timeout: '300ms' });
      const hanging = fetch(`${server.url}/until-aborted`).catch(() => 'cut');
      await fetch(server.url);
      server.child.kill('SIGTERM');
      expect(await server.exit()).to.equal(0);
      expect(await hanging).to.equal('cut');
    });

    it('leaves though a client keeps its idle connection open', async () => {
      const server = await servers.start();
      const kept = request({ port: server.port }, (response) => response.resume());
      kept.on('error', () => undefined).end();
      await server.line(({ msg }) => msg === 'request');
      server.child.kill('SIGINT');
      expect(await server.exit()).to.equal(0);
    });
  });

  it('is ended by a fault outside any request, with the reason in the log', async () => {
    const server = await servers.start();
    await fetch(`${server.url}/fail-later`).catch(() => undefined);
    expect(await server.exit()).to.equal(1);
    const line = await server.line(({ level }) => level === 'fatal');
    expect(line.msg).to.equal('The process failed outside any request');
    expect(line.err).to.include({ message: 'a fault of its own' });
    expect(server.stray).to.deep.equal([]);
  });
});
