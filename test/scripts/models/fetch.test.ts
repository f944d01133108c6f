import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import type { Patience } from '../../../scripts/models/download-file.ts';
import { runModels } from '../../../scripts/models/run-models.ts';
import { corrupt, cutAfter, stallAfter, startFileServer, status, throttle, tooMuch } from './file-server.ts';
import type { FileServer } from './file-server.ts';
import { FIXTURE_FILES, makeFixture, writeFiles, type Fixture } from './fixture-catalog.ts';

const PATIENCE: Patience = { stallMs: 20_000, attempts: 3, pauseMs: 1, maxPauseMs: 5 };
const served = new Map([...FIXTURE_FILES].map(([path, content]) => [`/pinned/${path}`, content]));

describe('npm run models -- fetch', () => {
  let server: FileServer;
  let fixture: Fixture;
  let said: string;
  let patience: Patience;

  beforeEach(async () => {
    server = await startFileServer(served);
    fixture = await makeFixture(`${server.origin}/pinned/`);
    said = '';
    patience = PATIENCE;
  });

  afterEach(async () => {
    await server.close();
    await fixture.remove();
  });

  async function fetchTiny(...more: string[]): Promise<void> {
    await run(new AbortController().signal, 'fetch', 'tiny-clip', '--no-prepare', ...more);
  }

  async function run(signal: AbortSignal, ...argv: string[]): Promise<void> {
    await runModels([...argv, '--models', fixture.modelsDir], {
      env: {},
      output: { write: (text) => (said += text) },
      signal,
      patience,
    });
  }

  async function failure(work: Promise<void>): Promise<string> {
    return work.then(
      () => 'it worked',
      (error: unknown) => (error as Error).message,
    );
  }

  async function expectWhole(): Promise<void> {
    const bundle = await readBundle(join(fixture.modelsDir, 'tiny-clip'), { verify: true });
    expect(bundle.manifest.files).to.have.length(FIXTURE_FILES.size);
    expect((await readdir(fixture.modelsDir)).filter((name) => name.startsWith('.'))).to.deep.equal([]);
  }

  it('puts a verified bundle in place and leaves nothing else behind', async () => {
    await fetchTiny();
    await expectWhole();
    expect(said).to.contain('100 %').and.to.contain('tiny-clip is ready');
    const manifest = JSON.parse(
      await readFile(join(fixture.modelsDir, 'tiny-clip', 'bundle.json'), 'utf8'),
    ) as Record<string, unknown>;
    expect(manifest).to.include({ id: 'tiny-clip', licence: 'CC0-1.0', logitScale: 100 });
  });

  it('asks for nothing when the bundle is there, and mends one that is damaged', async () => {
    await fetchTiny();
    const before = server.requests.length;
    await fetchTiny();
    expect(server.requests).to.have.length(before);
    expect(said).to.contain('there already');
    const model = join(fixture.modelsDir, 'tiny-clip', 'onnx', 'text_model.onnx');
    await writeFile(model, Buffer.alloc(20_000));
    await fetchTiny();
    await expectWhole();
  });

  it('goes on by Range after the connection was cut', async () => {
    server.misbehave(
      () => false,
      () => false,
      () => false,
      cutAfter(40_000),
    );
    await fetchTiny();
    await expectWhole();
    const ranges = server.requests.filter((request) => request.path.endsWith('vision_model.onnx'));
    expect(ranges[0]?.range).to.equal(undefined);
    expect(ranges[1]?.range).to.match(/^bytes=[1-9]\d*-$/);
  });

  it('starts a file over where the server has no ranges', async () => {
    await server.close();
    server = await startFileServer(served, { ranges: false });
    server.misbehave(
      () => false,
      () => false,
      () => false,
      cutAfter(40_000),
    );
    await fetchTiny('--mirror', server.origin);
    await expectWhole();
  });

  it('goes on with what an earlier process left', async () => {
    const partial = join(fixture.modelsDir, '.partial-tiny-clip', 'tiny-clip', 'onnx');
    await mkdir(partial, { recursive: true });
    const model = FIXTURE_FILES.get('onnx/vision_model.onnx') ?? Buffer.alloc(0);
    await writeFile(join(partial, 'vision_model.onnx'), model.subarray(0, 1234));
    await fetchTiny();
    await expectWhole();
    const request = server.requests.find(({ path }) => path.endsWith('vision_model.onnx'));
    expect(request?.range).to.equal('bytes=1234-');
  });

  it('fetches a file again whose rest was of another file', async () => {
    const partial = join(fixture.modelsDir, '.partial-tiny-clip', 'tiny-clip', 'onnx');
    await mkdir(partial, { recursive: true });
    await writeFile(join(partial, 'vision_model.onnx'), Buffer.alloc(1234, 7));
    await fetchTiny();
    await expectWhole();
    expect(said).to.contain('Fetching it again');
  });

  it('fetches a corrupted file again, and refuses one that stays wrong', async () => {
    server.misbehave(corrupt());
    await fetchTiny();
    await expectWhole();
    await run(new AbortController().signal, 'remove', 'tiny-clip');
    server.misbehave(corrupt(), corrupt());
    expect(await failure(fetchTiny())).to.match(
      /^Expected SHA-256 [0-9a-f]{64} for config.json but received/,
    );
    expect(await readdir(fixture.modelsDir)).not.to.contain('tiny-clip');
  });

  it('waits out 429, 500 and 503, a bounded number of times', async () => {
    server.misbehave(status(500), status(429, { 'Retry-After': '0' }), status(503));
    expect(await failure(fetchTiny()))
      .to.contain('answered 503')
      .and.to.contain('Given up after 3 attempts');
    server.misbehave(status(500), status(429));
    await fetchTiny();
    await expectWhole();
  });

  it('does not ask twice for what the server does not have', async () => {
    const other = await makeFixture(`${server.origin}/elsewhere/`);
    const context = { env: {}, output: { write: () => true }, signal: new AbortController().signal };
    const argv = ['fetch', 'tiny-clip', '--models', other.modelsDir];
    expect(await failure(runModels(argv, context))).to.contain('answered 404');
    expect(server.requests).to.have.length(1);
    await other.remove();
  });

  it('leaves a server that stalls, and is patient with a slow one', async () => {
    // The slow one takes longer than that for the file, and a small part of it for each piece.
    patience = { ...PATIENCE, stallMs: 1_000 };
    server.misbehave(stallAfter(10));
    await fetchTiny();
    await expectWhole();
    expect(said).to.contain('stalled');
    await run(new AbortController().signal, 'remove', 'tiny-clip');
    server.misbehave(
      () => false,
      () => false,
      () => false,
      throttle(250),
    );
    said = '';
    await fetchTiny();
    expect(said).not.to.contain('stalled');
  });

  it('stops reading at the size of the file', async () => {
    server.misbehave(tooMuch(10_000_000));
    expect(await failure(fetchTiny())).to.match(/Expected \d+ bytes for config.json but received more/);
    const partial = join(fixture.modelsDir, '.partial-tiny-clip', 'tiny-clip', 'config.json');
    expect((await stat(partial)).size).to.equal(0);
  });

  it('refuses a source that announces another size', async () => {
    server.misbehave((_request, response) => {
      response.writeHead(200, { 'Content-Length': 5 }).end('login');
      return true;
    });
    expect(await failure(fetchTiny())).to.match(
      /Expected \d+ bytes for config.json but the source has 5 bytes/,
    );
  });

  it('follows a redirect on this machine, and none to plain http elsewhere', async () => {
    server.misbehave(status(302, { Location: '/pinned/config.json' }));
    await fetchTiny();
    await expectWhole();
    await run(new AbortController().signal, 'remove', 'tiny-clip');
    server.misbehave(status(302, { Location: 'http://198.51.100.7/config.json' }));
    expect(await failure(fetchTiny()))
      .to.contain('redirects to http://198.51.100.7')
      .and.to.contain('https');
  });

  it('ends a loop of redirects', async () => {
    const loop = status(302, { Location: '/pinned/config.json' });
    server.misbehave(loop, loop, loop, loop, loop, loop, loop);
    expect(await failure(fetchTiny())).to.contain('redirects more than 5 times');
  });

  it('takes the mirror for the origin of the catalogue', async () => {
    const other = await makeFixture('https://models.example/pinned/');
    const context = {
      env: { CLIP_MODEL_MIRROR: server.origin },
      output: { write: () => true },
      signal: new AbortController().signal,
    };
    await runModels(['fetch', 'tiny-clip', '--no-prepare', '--models', other.modelsDir], context);
    expect(server.requests.map(({ path }) => path)).to.deep.equal([...served.keys()]);
    await other.remove();
  });

  it('takes the files from a directory, verified, without the network', async () => {
    const from = join(fixture.modelsDir, '..', 'carried');
    await writeFiles(from);
    await fetchTiny('--from', from);
    await expectWhole();
    expect(server.requests).to.deep.equal([]);
  });

  it('names what is missing or wrong in that directory', async () => {
    const from = join(fixture.modelsDir, '..', 'carried');
    expect(await failure(fetchTiny('--from', from))).to.match(
      /Expected the file .*config.json but there is none/,
    );
    await writeFiles(from, new Map([['config.json', Buffer.from('{}')]]));
    expect(await failure(fetchTiny('--from', from))).to.match(/Expected \d+ bytes for .*config.json/);
    const config = FIXTURE_FILES.get('config.json') ?? Buffer.alloc(0);
    await writeFiles(from, new Map([['config.json', Buffer.alloc(config.length, 32)]]));
    expect(await failure(fetchTiny('--from', from))).to.match(/Expected SHA-256 .*config.json/);
  });

  it('leaves a state to go on from when it is stopped', async () => {
    const controller = new AbortController();
    const allWell = () => false;
    server.misbehave(allWell, allWell, allWell, (request, response, file) => {
      setTimeout(() => controller.abort(new Error('Stopped by SIGINT.')), 50);
      return stallAfter(30_000)(request, response, file);
    });
    const stopped = failure(run(controller.signal, 'fetch', 'tiny-clip', '--no-prepare'));
    expect(await stopped).to.contain('Stopped by SIGINT');
    expect(await readdir(fixture.modelsDir))
      .to.include('.partial-tiny-clip')
      .and.not.include('.lock-tiny-clip');
    await run(new AbortController().signal, 'list');
    expect(said).to.match(/tiny-clip .*\d+ % fetched/);
    await fetchTiny();
    await expectWhole();
  });

  it('lets one of two fetches at once through, and both bundles whole', async () => {
    server.misbehave(throttle(20));
    const outcomes = await Promise.all([failure(fetchTiny()), failure(fetchTiny())]);
    expect(outcomes.filter((outcome) => outcome === 'it worked')).to.have.length(1);
    expect(outcomes.join(' ')).to.contain('is working on tiny-clip already');
    await expectWhole();
  });
});
