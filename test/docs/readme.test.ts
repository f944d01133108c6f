import { expect } from 'chai';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { createHttpServer } from '../../template/typescript/server/http-server.ts';
import { LoadingFunction } from '../../template/typescript/server/loading-function.ts';
import { parseServerSettings } from '../../template/typescript/server/settings.ts';
import { startClip, type ClipUnderTest } from '../functions/clip/harness.ts';

const PICTURES = ['photo.jpg', 'dog.jpg', 'one.jpg', 'two.png'];

/** Every command of the README that asks clip: rows of the table, and blocks. */
function commands(): readonly string[] {
  const text = readFileSync('README.md', 'utf8');
  const rows = [...text.matchAll(/^\| [^|]+ \| `(curl [^`]+)` \|$/gm)].map(([, command = '']) => command);
  const blocks = [...text.matchAll(/^```sh\n([^`]+)```$/gm)].map(([, block = '']) => block.trim());
  return [...blocks.filter((block) => block.includes('localhost:8080')), ...rows];
}

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the commands of README.md', () => {
  if (!has('curl') || !has('base64')) {
    it('skipped: curl or base64 is not on the PATH', function () {
      this.skip();
    });
    return;
  }
  let clip: ClipUnderTest;
  let folder = '';
  let port = 0;
  let close = (): void => undefined;

  before(async () => {
    clip = await startClip();
    const served = new LoadingFunction();
    served.loaded(clip.served);
    const server = createHttpServer({ settings: parseServerSettings({}), served, log: clip.log });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    close = () => void server.close();
    folder = await mkdtemp(join(tmpdir(), 'readme-'));
    const red = sharp({ create: { width: 20, height: 10, channels: 3, background: 'red' } });
    for (const name of PICTURES) {
      const picture = await red.toFormat(name.endsWith('.png') ? 'png' : 'jpeg').toBuffer();
      await writeFile(join(folder, name), picture);
    }
  });
  after(async () => {
    close();
    await clip.stop();
    await rm(folder, { recursive: true });
  });

  /** Runs it in a folder of pictures, against the function itself instead of a gateway. */
  async function answerOf(command: string): Promise<Record<string, unknown>> {
    const local = command.replaceAll('localhost:8080/function/clip', `127.0.0.1:${port}`);
    const { stdout } = await promisify(execFile)('sh', ['-c', local], { cwd: folder });
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  it('are found', () => {
    expect(commands()).to.have.length.at.least(9);
  });

  for (const command of commands()) {
    it(`works as written: ${command}`, async () => {
      // The models of this test have one of the heads that the README names.
      const answer = await answerOf(command.replace(/head=(?:dog-breeds|imagenet1k)/, 'head=warm'));
      expect(answer).not.to.have.property('status');
      expect(answer).to.have.any.keys('predictions', 'results', 'images', 'embeddings', 'heads', 'openapi');
    });
  }

  it('answer with the members that are shown', async () => {
    const shown = readFileSync('README.md', 'utf8').matchAll(/^```json\n([^`]+(?:`image`[^`]+)?)```$/gm);
    const [answer, problem] = [...shown].map(([, text = '']) => JSON.parse(text) as Record<string, unknown>);
    const [first = ''] = commands();
    const served = await answerOf(first);
    expect(Object.keys(served)).to.deep.equal(Object.keys(answer ?? {}));
    expect(served.image).to.have.all.keys(Object.keys(answer?.image ?? {}));
    const refused = await answerOf('echo no picture | curl --data-binary @- localhost:8080/function/clip');
    expect(Object.keys(refused)).to.deep.equal(Object.keys(problem ?? {}));
    expect(refused.detail).to.equal(problem?.detail);
  });
});
