import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectProblem } from './problem.ts';
import { EchoServers, ROOT, type RunningServer } from './running-server.ts';

/** Each fault of OpenFaaS's own Node templates, and that this one is free of it. */
describe('faults of the official Node templates that this one does not have', () => {
  const servers = new EchoServers();
  let server: RunningServer;
  let dockerfile: string;

  before(async () => {
    dockerfile = await readFile(join(ROOT, 'template/typescript/Dockerfile'), 'utf8');
    await servers.build();
    server = await servers.start();
  });
  after(() => servers.remove());

  it('Alpine, whose musl cannot load onnxruntime-node: every stage is Debian or the watchdog', () => {
    const bases = [...dockerfile.matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)].map(([, image]) => image);
    expect(bases).to.deep.equal([
      'ghcr.io/openfaas/of-watchdog:0.11.6',
      'node:24-bookworm-slim',
      'node:24-bookworm-slim',
    ]);
  });

  it('raw bodies over 100 kB are refused: 15 MiB arrive', async () => {
    const body = new Uint8Array(15 * 2 ** 20);
    const response = await fetch(server.url, { method: 'POST', body });
    expect(await response.json()).to.include({ bytes: body.byteLength });
  });

  it('a throwing handler is a 200 with the error text: here it is a 500 problem, and the log has the stack', async () => {
    const problem = await expectProblem(await fetch(`${server.url}/throw`), 500);
    expect(problem.code).to.equal('internal');
    const line = await server.line(({ level, callId }) => level === 'error' && callId === problem.callId);
    expect(line.err).to.include({ message: 'a secret of the inside' });
    expect((line.err as { stack: string }).stack).to.match(/\n {4}at /);
    expect(await server.requestLine(problem.callId ?? '')).to.include({ status: 500 });
  });

  it('a 413 carries a stack trace: here it is a problem', async () => {
    const body = new Uint8Array(17 * 2 ** 20);
    const problem = await expectProblem(await fetch(server.url, { method: 'POST', body }), 413);
    expect(problem.detail).to.equal('Expected a body of at most 16777216 bytes.');
  });

  it('`npm i` takes what is newest: here `npm ci` takes what the lockfile says, and runs no scripts', () => {
    const installs = dockerfile.match(/npm (?:i|install|ci)\b.*/g) ?? [];
    expect(installs).to.have.length(2);
    for (const install of installs) expect(install).to.match(/^npm ci .*--ignore-scripts/);
  });

  it('requests in flight are dropped on SIGTERM: here they are answered', async () => {
    const leaving = await servers.start();
    const asked = fetch(`${leaving.url}/wait?ms=400`);
    await fetch(leaving.url);
    leaving.child.kill('SIGTERM');
    const response = await asked;
    expect([response.status, await response.text()]).to.deep.equal([200, 'waited']);
    expect(await leaving.exit()).to.equal(0);
  });

  it('there is none for TypeScript: the handler that answers here is one', async () => {
    const handler = await readFile(join(ROOT, 'test/fixtures/functions/echo/handler.ts'), 'utf8');
    expect(handler).to.contain('createFunction: CreateFunction');
    expect((await fetch(server.url)).status).to.equal(200);
  });
});
