import { expect } from 'chai';
import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT, RunningServer } from './running-server.ts';

const run = promisify(execFile);
const isInstalled = spawnSync('faas-cli', ['help']).status === 0;
const hasRegistry = (): boolean =>
  spawnSync('npm', ['ping', '--fetch-retries=0', '--fetch-timeout=5000'], { timeout: 15_000 }).status === 0;

/** A skipped test says why. */
function nameReason(test: { title: string } | undefined): void {
  if (test !== undefined) test.title += ' (skipped: the npm registry cannot be reached)';
}

/** What git would hold of the repository, as far as an image is made of it: no node_modules, no fetched bundles. */
async function copyRepository(to: string): Promise<void> {
  for (const entry of ['stack.yml', 'template', 'functions', 'shared', 'models']) {
    await cp(join(ROOT, entry), join(to, entry), {
      recursive: true,
      filter: (path) => !['node_modules', 'training'].includes(basename(path)),
    });
  }
}

interface Copy {
  readonly sources: readonly string[];
  readonly target: string;
}

/** The COPY lines of the build stage, in order. */
function copiesOf(dockerfile: string): readonly Copy[] {
  const buildStage = dockerfile.split(/^FROM .*$/m)[2] ?? '';
  return [...buildStage.matchAll(/^COPY (.+)$/gm)].map(([, words = '']) => {
    const paths = words.split(' ');
    return { sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
  });
}

/** Does what the build stage's COPY and RUN lines say, without Docker. */
async function buildByHand(context: string, at: string, models: string): Promise<void> {
  const dockerfile = await readFile(join(context, 'Dockerfile'), 'utf8');
  for (const { sources, target } of copiesOf(dockerfile)) {
    for (const source of sources) {
      const isFolder = (await stat(join(context, source))).isDirectory();
      await cp(join(context, source), isFolder ? join(at, target) : join(at, target, basename(source)), {
        recursive: true,
      });
    }
  }
  const buildStage = dockerfile.split(/^FROM .*$/m)[2] ?? '';
  for (const [, command = ''] of buildStage.matchAll(/^RUN (.+)$/gm)) {
    await run('sh', ['-ec', command], { cwd: at, env: { ...process.env, MODELS: models } });
  }
}

describe(`faas-cli build --shrinkwrap${isInstalled ? '' : ' (skipped: no faas-cli on the PATH)'}`, () => {
  let folder: string;

  before(async function () {
    this.timeout(60_000);
    if (!isInstalled) this.skip();
    folder = await mkdtemp(join(tmpdir(), 'shrinkwrap-'));
    await copyRepository(folder);
    await run('faas-cli', ['build', '--shrinkwrap', '-f', 'stack.yml'], { cwd: folder });
  });
  after(async () => {
    if (isInstalled) await rm(folder, { recursive: true, force: true });
  });

  for (const name of ['frontend', 'clip']) {
    it(`makes a build folder of ${name} that has all that its Dockerfile copies, and no node_modules`, async () => {
      const context = join(folder, 'build', name);
      const dockerfile = await readFile(join(context, 'Dockerfile'), 'utf8');
      const sources = copiesOf(dockerfile).flatMap((copy) => copy.sources);
      expect(sources).to.include.members(['package-lock.json', 'function/package-lock.json', 'function/']);
      for (const source of sources) expect((await stat(join(context, source))).size).to.be.greaterThan(0);
      const own = await readFile(join(ROOT, 'functions', name, 'package-lock.json'), 'utf8');
      expect(await readFile(join(context, 'function/package-lock.json'), 'utf8')).to.equal(own);
      expect(await readdir(join(context, 'function'))).to.include.members(['shared', 'models']);
      const all = await readdir(context, { recursive: true });
      expect(all.filter((path) => path.split('/').includes('node_modules'))).to.deep.equal([]);
    });
  }

  it('makes a context from which the steps of the Dockerfile build a frontend that starts', async function () {
    this.timeout(300_000);
    if (!hasRegistry()) {
      nameReason(this.test);
      this.skip();
    }
    const at = join(folder, 'image-build');
    await buildByHand(join(folder, 'build/frontend'), at, '');
    const image = join(at, 'image');
    expect(await readdir(image)).to.have.members(['dist', 'node_modules', 'models']);
    expect(await readdir(join(image, 'node_modules'))).to.deep.equal([]);
    expect(await readdir(join(image, 'models'))).to.deep.equal([]);
    const server = new RunningServer(join(image, 'dist/server.js'), {});
    await server.line(({ msg }) => msg === 'loaded');
    const response = await fetch(`${server.url}/`, { headers: { Accept: 'text/html' } });
    expect(response.status).to.equal(200);
    expect(await response.text()).to.contain('<base href="/function/frontend/"');
    await server.kill();
  });

  it('builds the sample of `faas-cli new`, which has neither shared/ nor models/', async function () {
    this.timeout(300_000);
    if (!hasRegistry()) {
      nameReason(this.test);
      this.skip();
    }
    const own = join(folder, 'new');
    await cp(join(ROOT, 'template'), join(own, 'template'), {
      recursive: true,
      filter: (path) => basename(path) !== 'node_modules',
    });
    await run('faas-cli', ['new', 'hello', '--lang', 'typescript'], { cwd: own });
    await run('faas-cli', ['build', '--shrinkwrap', '-f', 'stack.yaml'], { cwd: own });
    const at = join(own, 'image-build');
    await buildByHand(join(own, 'build/hello'), at, '');
    const server = new RunningServer(join(at, 'image/dist/server.js'), { greeting: 'Good day' });
    await server.line(({ msg }) => msg === 'loaded');
    const response = await fetch(server.url, { method: 'POST', body: 'Ada' });
    expect(await response.json()).to.deep.equal({ message: 'Good day, Ada!' });
    await server.kill();
  });
});
