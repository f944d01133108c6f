import { expect } from 'chai';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildFunction } from '../../template/typescript/build.mjs';
import type { CreateFunction } from '../../template/typescript/server/served-function.ts';
import { scratchFolder } from './running-server.ts';

type Sources = Readonly<Record<string, string>>;

async function write(folder: string, sources: Sources): Promise<void> {
  for (const [path, text] of Object.entries(sources)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** A function with a worker thread that starts another one, in folders of different depths. */
const WITH_WORKERS: Sources = {
  'functions/sums/handler.ts': `
    import { once } from 'node:events';
    import { startSum } from '../../shared/sum.ts';
    export const createFunction = async () => ({
      fetch: async () => new Response(String((await once(startSum(), 'message'))[0])),
      ready: () => true,
      close: async () => undefined,
    });`,
  'shared/sum.ts': `
    import { Worker } from 'node:worker_threads';
    export const startSum = () => new Worker(new URL('./deep/sum.worker.ts', import.meta.url));`,
  'shared/deep/sum.worker.ts': `
    import { parentPort, Worker } from 'node:worker_threads';
    new Worker(new URL("../one.worker.ts", import.meta.url)).once('message', (one: number) => {
      parentPort?.postMessage(one + 41);
    });`,
  'shared/one.worker.ts': `
    import { parentPort } from 'node:worker_threads';
    const one: number = 1;
    parentPort?.postMessage(one);`,
};

describe('buildFunction', () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ path: folder, remove } = await scratchFolder());
  });
  afterEach(() => remove());
  /** Names of a folder's entries. */
  const namesIn = (path: string) => readdir(join(folder, path));
  const build = (name: string) =>
    buildFunction({ functionDir: join(folder, 'functions', name), outDir: join(folder, 'out') });
  const outFiles = async (below = ''): Promise<string[]> =>
    (await readdir(join(folder, 'out', below))).sort();
  const load = async (): Promise<Response> => {
    const url = pathToFileURL(join(folder, 'out/handler.js')).href;
    const { createFunction } = (await import(url)) as { createFunction: CreateFunction };
    const quiet = () => undefined;
    const served = await createFunction({}, { debug: quiet, info: quiet, warn: quiet, error: quiet });
    return served.fetch(new Request('http://localhost/'));
  };

  it('leaves a whole function in its place, whoever else builds it at the same time', async () => {
    await write(folder, WITH_WORKERS);
    await Promise.all([build('sums'), build('sums'), build('sums')]);
    expect(await namesIn('out')).to.include.members([
      'handler.js',
      'server.js',
      'sum.worker.js',
      'package.json',
    ]);
    expect(await namesIn('.')).to.have.members(['functions', 'out', 'shared']);
    // In an image another user runs it.
    expect((await stat(join(folder, 'out'))).mode & 0o777).to.equal(0o755);
  });

  it('keeps what was built where a source is broken', async () => {
    await write(folder, WITH_WORKERS);
    await build('sums');
    await write(folder, { 'functions/sums/handler.ts': 'this is no TypeScript' });
    expect(await build('sums').catch(() => 'failed')).to.equal('failed');
    expect(await namesIn('out')).to.include('handler.js');
    expect(await namesIn('.')).to.have.members(['functions', 'out', 'shared']);
  });

  it('bundles handler, server and every worker in reach, and the workers run', async () => {
    await write(folder, WITH_WORKERS);
    const built = await build('sums');
    expect([...built.workers].sort()).to.deep.equal(['one.worker.js', 'sum.worker.js']);
    expect(await outFiles()).to.include.members([
      'handler.js',
      'server.js',
      'sum.worker.js',
      'one.worker.js',
    ]);
    expect(await (await load()).text()).to.equal('42');
  });

  it('refuses two workers of one name', async () => {
    await write(folder, {
      ...WITH_WORKERS,
      'shared/one.worker.ts': `new URL('./other/sum.worker.ts', import.meta.url);`,
      'shared/other/sum.worker.ts': '',
    });
    const failure = await build('sums').then(
      () => undefined,
      (error: unknown) => String(error),
    );
    expect(failure).to.contain('Expected worker names to differ');
  });

  it('writes source maps that lead back to the TypeScript', async () => {
    await write(folder, WITH_WORKERS);
    await build('sums');
    const map = JSON.parse(await readFile(join(folder, 'out/handler.js.map'), 'utf8')) as {
      sources: string[];
    };
    expect(map.sources.some((source) => source.endsWith('shared/sum.ts'))).to.equal(true);
  });

  it('copies assets, and bundles browser code but what is only a part of it', async () => {
    await write(folder, {
      'functions/page/handler.ts': 'export const createFunction = 1;',
      'functions/page/assets/style.css': 'body { color: navy }',
      'functions/page/assets/icons/dog.svg': '<svg/>',
      'functions/page/browser/page.ts': `import { greet } from './parts/greet.ts'; document.title = greet as string;`,
      'functions/page/browser/parts/greet.ts': `export const greet: string = 'good day';`,
      'functions/page/browser/_shared.ts': 'export const a = 1;',
      'functions/page/browser/globals.d.ts': 'declare const b: number;',
    });
    await build('page');
    expect(await outFiles('assets')).to.deep.equal(['icons', 'page.js', 'style.css']);
    const bundled = await readFile(join(folder, 'out/assets/page.js'), 'utf8');
    expect(bundled).to.contain('good day').and.not.contain('import');
  });

  it('leaves native packages outside and names those that are used', async () => {
    await write(folder, {
      'functions/native/handler.ts': `
        import sharp from 'sharp';
        export const createFunction = async () => ({
          fetch: async () => new Response(typeof sharp), ready: () => true, close: async () => undefined });`,
    });
    expect((await build('native')).natives).to.deep.equal(['sharp']);
    expect(await (await load()).text()).to.equal('function');
  });

  it('names natives that only a worker uses', async () => {
    await write(folder, { ...WITH_WORKERS, 'shared/one.worker.ts': `import 'onnxruntime-node';` });
    expect((await build('sums')).natives).to.deep.equal(['onnxruntime-node']);
  });

  it('clears what an earlier build left', async () => {
    await write(folder, { ...WITH_WORKERS, 'out/stale.js': '' });
    await build('sums');
    expect(await outFiles()).not.to.include('stale.js');
  });

  it('says where a source is wrong', async () => {
    await write(folder, { 'functions/wrong/handler.ts': `import './missing.ts';` });
    const failure = await build('wrong').then(
      () => undefined,
      (error: unknown) => String(error),
    );
    expect(failure).to.match(/handler\.ts:1:\d+: ERROR: Could not resolve "\.\/missing\.ts"/);
  });
});
