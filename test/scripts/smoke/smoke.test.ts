import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runChecks, type Outcome } from '../../../scripts/smoke/check.ts';
import { CHECKS } from '../../../scripts/smoke/checks.ts';
import { ROOT } from '../../stack/read-stack.ts';

const BUNDLE_NOTE = existsSync(join(ROOT, 'models/mini-clip/bundle.json'))
  ? ''
  : ' (skipped: models/mini-clip is not there)';

describe(`the smoke test of a gateway${BUNDLE_NOTE}`, function () {
  this.timeout(240_000);
  let local: ChildProcess | undefined;
  let out = '';
  let url = '';

  before(async function () {
    if (BUNDLE_NOTE !== '') this.skip();
    await mkdir(join(ROOT, 'dist'), { recursive: true });
    out = await mkdtemp(join(ROOT, 'dist', 'smoke-'));
    local = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts', '--out', out], {
      cwd: ROOT,
      env: { ...process.env, PORT: '0', CLIP_MODEL: 'mini-clip', STORE_URL: `lmdb:${join(out, 'store')}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    url = await printedAddress(local);
  });

  after(async () => {
    if (local === undefined) return;
    const ended = once(local, 'exit');
    local.kill('SIGTERM');
    await ended;
    await rm(out, { recursive: true, force: true });
  });

  const look = (gateway: string): Promise<readonly Outcome[]> => runChecks(CHECKS, gateway, () => undefined);
  const wrongOnes = (outcomes: readonly Outcome[]) =>
    outcomes.filter(({ result }) => result === 'wrong').map(({ title, note }) => `${title}: ${note}`);

  it('finds all well with the whole set', async () => {
    const outcomes = await look(url);
    expect(wrongOnes(outcomes)).to.deep.equal([]);
    expect(outcomes).to.have.length(CHECKS.length);
  });

  it('asks for nothing else where nobody listens', async () => {
    const outcomes = await look('http://127.0.0.1:9');
    expect(outcomes.map(({ title }) => title)).to.deep.equal(['The gateway answers']);
    expect(wrongOnes(outcomes).join()).to.contain('fetch failed');
  });

  describe('behind a gateway that spoils answers', () => {
    /** What is done to an answer's status and text, by the path that was asked. */
    let spoil: (path: string) => { status?: number; text?: (said: string) => string } = () => ({});
    let spoiling: Server;
    let spoilt = '';

    before(async () => {
      spoiling = createServer((incoming, outgoing) => {
        const onward = request(
          new URL(incoming.url ?? '/', url),
          { method: incoming.method, headers: incoming.headers },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('end', () => {
              const { status, text } = spoil(incoming.url ?? '');
              const body = Buffer.concat(chunks);
              const headers = { ...response.headers };
              delete headers['content-length'];
              delete headers['transfer-encoding'];
              outgoing.writeHead(status ?? response.statusCode ?? 500, headers);
              outgoing.end(text === undefined ? body : text(body.toString()));
            });
          },
        );
        onward.on('error', () => outgoing.destroy());
        incoming.pipe(onward);
      });
      spoiling.listen(0, '127.0.0.1');
      await once(spoiling, 'listening');
      spoilt = `http://127.0.0.1:${(spoiling.address() as AddressInfo).port}`;
    });

    after(() => spoiling.close());

    it('finds a style that is missing', async () => {
      spoil = (path) => (path.includes('assets/') ? { status: 404 } : {});
      expect(wrongOnes(await look(spoilt)).join()).to.match(/^The page is there.*received 404/);
    });

    it('finds a store that is away', async () => {
      spoil = (path) => (path === '/function/trainer/heads' ? { status: 503 } : {});
      expect(wrongOnes(await look(spoilt)).join()).to.match(/^What people trained .*received 503/);
    });

    it('finds a wrong answer', async () => {
      spoil = (path) => (path.includes('cat-dog') ? { text: (said) => said.replace('"dog"', '"cat"') } : {});
      expect(wrongOnes(await look(spoilt))).to.deep.equal([
        'A photo of two dogs is of a dog: Expected dog but received cat.',
      ]);
    });

    it('leaves trainer out where none is deployed', async () => {
      const words = 'No endpoints available for: trainer.';
      for (const said of [
        { status: 404, text: () => '' },
        { status: 503, text: () => words },
      ]) {
        spoil = (path) => (path.includes('/trainer/') ? said : {});
        const outcomes = await look(spoilt);
        expect(outcomes.filter(({ result }) => result === 'left out')).to.have.length(2);
        expect(wrongOnes(outcomes)).to.deep.equal([]);
      }
    });

    it('finds a trainer that asks for no token, that is broken, or has a problem of its own', async () => {
      for (const status of [200, 404, 502, 503]) {
        spoil = (path) => (path.includes('/trainer/') ? { status } : {});
        expect(wrongOnes(await look(spoilt)).join()).to.contain(`Expected 401 or 403 but received ${status}`);
      }
    });
  });
});

/** Where the local gateway listens, from what it prints. */
function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /(http:\/\/127\.0\.0\.1:\d+)\/function\/frontend\//.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`The gateway ended (${code}) after: ${printed}`)));
  });
}
