import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createFunction as createClip } from '../../../functions/clip/handler.ts';
import { ExampleStore } from '../../../functions/trainer/examples/example-store.ts';
import { HeadStore } from '../../../shared/io/heads/head-store.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';
import { openStore } from '../../../shared/io/store/open-store.ts';
import { RedisServer, redisMissing } from '../../fixtures/redis-server.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { writeTinyBundle } from '../../fixtures/tiny-bundle.ts';
import { expectProblem, ORANGE, pictures, TEAL, TrainerUnderTest, until } from './harness.ts';

const FOR_EVER = fileURLToPath(new URL('../../fixtures/training-for-ever.ts', import.meta.url));
const missing = redisMissing();

async function addColours(own: TrainerUnderTest): Promise<void> {
  await own.add('colours', 'orange', await pictures(ORANGE, 10));
  await own.add('colours', 'teal', await pictures(TEAL, 10));
}

describe('what trainer keeps', function () {
  this.timeout(120_000);
  let own: TrainerUnderTest;
  beforeEach(async () => (own = await TrainerUnderTest.start()));
  afterEach(() => own.stop());
  const storeOf = (settings: TrainerUnderTest['settings']) =>
    openStore({ url: settings.STORE_URL ?? '', maxBytes: 2 ** 30, log: silentLog });
  const revisionOf = async () => {
    const response = await own.clip.fetch(new Request('http://clip/heads'));
    return ((await response.json()) as { model: { revision: string } }).model.revision;
  };

  it('is there after a restart: a thousand examples, and trains', async () => {
    const store = await storeOf(own.settings);
    const examples = new ExampleStore(store);
    const [picture = new Uint8Array()] = await pictures(ORANGE, 1);
    const kept = { thumbnail: picture, revision: await revisionOf() };
    const add = (at: number) =>
      examples.add(
        'colours',
        { sha256: sha256Hex(String(at)), label: `colour ${at % 10}`, addedAt: new Date(at).toISOString() },
        { ...kept, vectors: [Float32Array.from({ length: 4 }, (_, axis) => ((at % 10) >> axis) & 1)] },
      );
    for (let at = 0; at < 1_000; at += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => add(at + index)));
    }
    await store.close();
    await own.trainer.close();
    await own.startTrainer();
    const response = await own.fetch('/heads/colours/examples');
    const { labels, examples: all } = (await response.json()) as {
      labels: Record<string, number>;
      examples: unknown[];
    };
    expect(all).to.have.length(1_000);
    expect(Object.values(labels)).to.deep.equal(Array(10).fill(100));
    expect((await own.train('colours')).at(-1)?.event).to.equal('done');
  });

  it('is whole after kill -9 in the middle of a training: the version before stays live', async () => {
    await addColours(own);
    const child = spawn(process.execPath, ['--import', 'tsx', FOR_EVER], {
      env: { ...process.env, SETTINGS: JSON.stringify(own.settings) },
    });
    let trained = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      expect(line).to.equal('trained');
      trained += 1;
      if (trained === 2) break;
    }
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const store = await storeOf(own.settings);
    const heads = new HeadStore(store, { revision: await revisionOf(), maxVersions: 20 });
    const { current = '' } = await heads.state('colours');
    expect((await heads.read('colours', current)).version).to.equal(current);
    await store.close();
    const [orange = new Uint8Array()] = await pictures(ORANGE, 1);
    await until(async () => {
      const response = await own.classify('colours', orange);
      return ((await response.json()) as { version?: string }).version === current;
    });
    expect((await own.train('colours', '?seed=99')).at(-1)?.event).to.equal('done');
  });

  it('outlives a change of the bundle: stale, then trained anew from the thumbnails', async () => {
    await addColours(own);
    await own.train('colours');
    await own.clip.close();
    await writeTinyBundle(own.settings.models_dir ?? '', { id: 'other', idType: 'int32' });
    await own.startClip({ CLIP_MODEL: 'other' });
    const [orange = new Uint8Array()] = await pictures(ORANGE, 1);
    await until(async () => (await own.classify('colours', orange)).status === 409);
    await expectProblem(await own.classify('colours', orange), 409);
    const list = await own.clip.fetch(new Request('http://clip/heads'));
    const { heads } = (await list.json()) as { heads: { id: string; stale?: boolean }[] };
    expect(heads.find(({ id }) => id === 'colours')?.stale).to.equal(true);
    // Until clip has put the heads of the new bundle into the store.
    await until(async () => (await own.fetch('/heads/colours')).status === 200);
    expect(await (await own.fetch('/heads/colours')).json()).to.include({ stale: true, current: null });
    const events = await own.train('colours');
    expect(events.at(-1)?.event).to.equal('done');
    await until(async () => (await own.classify('colours', orange)).status === 200);
    expect(await (await own.fetch('/heads/colours')).json()).to.include({ stale: false });
  });

  it('has nothing half when the store is full at the end of a training', async () => {
    await addColours(own);
    await own.train('colours');
    const before = (await (await own.fetch('/heads/colours')).json()) as { current: string };
    const limit = { url: own.settings.STORE_URL ?? '', maxBytes: 2 ** 20, log: silentLog };
    const store = await openStore(limit);
    const fill = async (bytes: number): Promise<void> => {
      for (let at = 0; ; at++) await store.put(`filler/${bytes}/${at}`, new Uint8Array(bytes));
    };
    for (const bytes of [2 ** 15, 1]) {
      expect(await fill(bytes).catch((error: unknown) => (error as { code: string }).code)).to.equal(
        'store-full',
      );
    }
    await own.trainer.close();
    await own.startTrainer({ max_store_bytes: '1MiB' });
    const last = (await own.train('colours', '?seed=5')).at(-1);
    expect(last?.data).to.include({ status: 507, code: 'store-full' });
    expect(await (await own.fetch('/heads/colours')).json()).to.include({ current: before.current });
    await store.delete(await store.list('filler/'));
    await store.close();
    expect((await own.train('colours', '?seed=5')).at(-1)?.event).to.equal('done');
  });

  it('goes on embedding where the time ended, also in the middle of a call', async () => {
    await addColours(own);
    const store = await storeOf(own.settings);
    await store.delete(await store.list('vectors/colours/'));
    await store.close();
    await own.trainer.close();
    await own.startTrainer({ training_budget: '5s', clip_timeout: '60s' });
    let embeddings = 0;
    own.gateway.functions.set('clip', {
      fetch: (request) => {
        const hangs = new URL(request.url).pathname === '/embed' && (embeddings += 1) > 4;
        return hangs ? new Promise(() => undefined) : own.clip.fetch(request);
      },
    });
    const events = await own.train('colours');
    expect(events.at(-1)?.event).to.equal('error');
    expect(events.at(-1)?.data).to.include({ code: 'conflict' });
    expect(events.at(-1)?.data.detail).to.contain('17 of 20 examples are still to be embedded');
    own.gateway.functions.set('clip', own.clip);
    await own.trainer.close();
    await own.startTrainer();
    const again = await own.train('colours');
    expect(again.find(({ event }) => event === 'embedding')?.data).to.include({ total: 17 });
    expect(again.at(-1)?.event).to.equal('done');
  });

  it('says which picture is gone, and asks nobody to go on for ever', async () => {
    await addColours(own);
    const { examples } = (await (await own.fetch('/heads/colours/examples')).json()) as {
      examples: readonly { sha256: string }[];
    };
    const gone = examples[0]?.sha256 ?? '';
    const store = await storeOf(own.settings);
    await store.delete([...(await store.list('vectors/colours/')), `thumbnails/colours/${gone}`]);
    await store.close();
    const first = await own.train('colours');
    expect(first.at(-2)?.data).to.include({ done: 19, total: 20 });
    const second = await own.train('colours');
    expect(second.map(({ event }) => event)).to.not.include('embedding');
    for (const events of [first, second]) expect(events.at(-1)?.data.detail).to.contain(gone);
    await own.fetch(`/heads/colours/examples/${gone}`, { method: 'DELETE' });
    expect((await own.train('colours')).at(-1)?.event).to.equal('done');
  });

  it('is not needed by built-in heads: they go on while the store is away', async () => {
    await own.clip.close();
    await own.startClip({ STORE_URL: 'redis://127.0.0.1:1' });
    const [orange = new Uint8Array()] = await pictures(ORANGE, 1);
    await until(async () => (await own.classify('warm', orange)).status === 200);
    await until(async () => (await own.classify('colours', orange)).status === 503);
    const away = await own.classify('colours', orange);
    expect(Number(away.headers.get('Retry-After'))).to.be.greaterThan(0);
    expect((await expectProblem(away, 503)).code).to.equal('store-away');
  });
});

describe(`trainer on Redis${missing === undefined ? '' : ` – skipped: ${missing}`}`, function () {
  this.timeout(120_000);

  it('keeps the version before when Redis goes away in the middle of a training, and trains when it is back', async function () {
    if (missing !== undefined) this.skip();
    const redis = await RedisServer.start();
    const own = await TrainerUnderTest.start({ STORE_URL: redis.url });
    const [orange = new Uint8Array()] = await pictures(ORANGE, 1);
    const answered = async () =>
      (await (await own.classify('colours', orange)).json()) as { version?: string };
    try {
      await addColours(own);
      const version = (await own.train('colours')).at(-1)?.data.version;
      await until(async () => (await answered()).version === version);
      // The last that a training asks of clip: everything after it is between trainer and store.
      own.gateway.functions.set('clip', {
        fetch: async (request) => {
          if (new URL(request.url).pathname === '/embed') await redis.stop();
          return own.clip.fetch(request);
        },
      });
      const last = (await own.train('colours', '?seed=7')).at(-1);
      expect(last?.event).to.equal('error');
      expect(last?.data).to.include({ status: 503, code: 'store-away' });
      expect((await answered()).version).to.equal(version);
      own.gateway.functions.set('clip', own.clip);
      await redis.run();
      await until(async () => (await own.fetch('/heads/colours')).status === 200);
      expect(await (await own.fetch('/heads/colours')).json()).to.include({ current: version });
      expect((await own.train('colours', '?seed=7')).at(-1)?.event).to.equal('done');
    } finally {
      await own.stop();
      await redis.remove();
    }
  });
});

describe(`two replicas of clip on one Redis${missing === undefined ? '' : ` – skipped: ${missing}`}`, function () {
  this.timeout(120_000);

  it('both serve a new version, and know of each other', async function () {
    if (missing !== undefined) this.skip();
    const redis = await RedisServer.start();
    const own = await TrainerUnderTest.start({ STORE_URL: redis.url });
    const second = await createClip(own.settings, silentLog);
    try {
      await addColours(own);
      const version = (await own.train('colours')).at(-1)?.data.version;
      const [orange = new Uint8Array()] = await pictures(ORANGE, 1);
      for (const clip of [own.clip, second]) {
        await until(async () => {
          const request = new Request('http://clip/?head=colours', { method: 'POST', body: orange });
          return ((await (await clip.fetch(request)).json()) as { version?: string }).version === version;
        });
      }
      const status = await second.fetch(new Request('http://clip/status'));
      expect(((await status.json()) as { replicas: unknown[] }).replicas).to.have.length(2);
    } finally {
      await second.close();
      await own.stop();
      await redis.remove();
    }
  });
});
