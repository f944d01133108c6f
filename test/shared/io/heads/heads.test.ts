import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { AppError } from '../../../../shared/core/errors.ts';
import { serialiseHead } from '../../../../shared/core/head-file.ts';
import { headVersion } from '../../../../shared/core/head-version.ts';
import type { LinearHead } from '../../../../shared/core/head.ts';
import { holdOutFigures } from '../../../../shared/core/training/hold-out-figures.ts';
import { headKeys } from '../../../../shared/io/heads/head-keys.ts';
import {
  HeadStore,
  publishBuiltIn,
  trainedIds,
  type VersionRecord,
} from '../../../../shared/io/heads/head-store.ts';
import { readLastTraining } from '../../../../shared/io/heads/last-training.ts';
import { Heart, readHeartbeats } from '../../../../shared/io/heads/heartbeats.ts';
import { REFRESH_MS, TrainedHeads } from '../../../../shared/io/heads/trained-heads.ts';
import type { KeyValueStore } from '../../../../shared/io/store/key-value-store.ts';
import { LmdbStore } from '../../../../shared/io/store/lmdb-store.ts';
import { silentLog } from '../../../fixtures/silent-log.ts';

const REVISION = `sha256:${'1'.repeat(64)}`;
const OTHER = `sha256:${'2'.repeat(64)}`;

async function makeHead(id: string, slope: number, revision = REVISION): Promise<LinearHead> {
  const content = {
    ...{ id, kind: 'linear' as const, bundleRevision: revision, labels: ['a', 'b'] },
    ...{ weights: Float32Array.of(slope, 0, 0, slope), bias: new Float32Array(2), scale: 1, temperature: 1 },
  };
  return { ...content, title: id, version: await headVersion(content) };
}

function recordOf(head: LinearHead, minute: number): VersionRecord {
  return {
    version: head.version,
    createdAt: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
    examples: 10,
    labels: { a: 5, b: 5 },
    after: holdOutFigures(head, [{ label: 'a', embedding: Float32Array.of(1, 0) }]),
  };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

describe('heads in the store', () => {
  let directory: string;
  let store: KeyValueStore;
  let heads: HeadStore;
  let live: TrainedHeads;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'heads-'));
    store = await LmdbStore.open({ path: directory, maxBytes: 2 ** 28 });
    heads = new HeadStore(store, { revision: REVISION, maxVersions: 3 });
    live = new TrainedHeads({ store, revision: REVISION, log: silentLog });
  });
  afterEach(async () => {
    await live.close();
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('makes a version live for readers once it is published, whole', async () => {
    const head = await makeHead('dogs', 1);
    await publishBuiltIn(store, REVISION, []);
    await heads.publish(head, recordOf(head, 0));
    await live.refresh();
    expect(live.get('dogs')).to.deep.equal(head);
    expect(live.ids).to.deep.equal(['dogs']);
    expect(await heads.state('dogs')).to.deep.equal({
      current: head.version,
      records: [recordOf(head, 0)],
      isBuiltIn: false,
    });
  });

  it('does not say what is built in before the classifier did', async () => {
    expect(await codeOf(heads.state('dogs'))).to.equal('not-ready');
  });

  it('has version 0 of a built-in head, to train from and to go back to', async () => {
    const builtIn = await makeHead('cat-dog', 1);
    const trained = await makeHead('cat-dog', 2);
    await publishBuiltIn(store, REVISION, [builtIn]);
    expect(await heads.state('cat-dog')).to.include({ current: '0', isBuiltIn: true });
    expect(await heads.read('cat-dog', '0')).to.deep.equal(builtIn);
    await heads.publish(trained, recordOf(trained, 0));
    await live.refresh();
    expect(live.get('cat-dog')?.version).to.equal(trained.version);
    await heads.rollBack('cat-dog', '0');
    await live.refresh();
    expect(live.get('cat-dog')).to.equal(undefined);
  });

  it('rolls back to any version that is kept, and to none else', async () => {
    const [first, second] = [await makeHead('dogs', 1), await makeHead('dogs', 2)];
    await heads.publish(first, recordOf(first, 0));
    await heads.publish(second, recordOf(second, 1));
    await heads.rollBack('dogs', first.version);
    await live.refresh();
    expect(live.get('dogs')?.version).to.equal(first.version);
    expect(await codeOf(heads.rollBack('dogs', '0'))).to.equal('not-found');
    expect(await codeOf(heads.rollBack('dogs', OTHER))).to.equal('not-found');
  });

  it('keeps the record of a version that comes out of a training again, and makes it live', async () => {
    const [first, second] = [await makeHead('dogs', 1), await makeHead('dogs', 2)];
    await publishBuiltIn(store, REVISION, []);
    await heads.publish(first, recordOf(first, 0));
    await heads.publish(second, recordOf(second, 1));
    await heads.publish(first, recordOf(first, 2));
    expect(await heads.state('dogs')).to.deep.include({
      current: first.version,
      records: [recordOf(second, 1), recordOf(first, 0)],
    });
  });

  it('keeps so many versions and lets the oldest go', async () => {
    await publishBuiltIn(store, REVISION, []);
    const versions: string[] = [];
    for (let minute = 0; minute < 5; minute++) {
      const head = await makeHead('dogs', 1 + minute);
      await heads.publish(head, recordOf(head, minute));
      versions.unshift(head.version);
    }
    const { records } = await heads.state('dogs');
    expect(records.map(({ version }) => version)).to.deep.equal(versions.slice(0, 3));
    expect(await store.list(headKeys.versionsOf('dogs'))).to.have.length(3);
  });

  it('keeps the version before, where the one that the pointer names is missing, damaged or another', async () => {
    const [good, bad] = [await makeHead('dogs', 1), await makeHead('dogs', 2)];
    await heads.publish(good, recordOf(good, 0));
    await live.refresh();
    const pointer = headKeys.pointer('dogs', REVISION);
    const place = headKeys.version('dogs', REVISION, bad.version);
    const damaged = serialiseHead(bad);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    await store.put(pointer, Buffer.from(bad.version));
    for (const bytes of [undefined, damaged, damaged.slice(0, 100), serialiseHead(good)]) {
      if (bytes !== undefined) await store.put(place, bytes);
      await live.refresh();
      expect(live.get('dogs')?.version).to.equal(good.version);
    }
    await store.put(place, serialiseHead(bad));
    await live.refresh();
    expect(live.get('dogs')?.version).to.equal(bad.version);
  });

  it('tells of the training that ended last', async () => {
    expect(await readLastTraining(store)).to.equal(undefined);
    for (const [minute, id] of ['dogs', 'cats'].entries()) {
      const head = await makeHead(id, 1);
      await heads.publish(head, recordOf(head, minute));
    }
    expect(await readLastTraining(store)).to.include({ head: 'cats', title: 'cats', before: null });
    await heads.remove('dogs');
    expect(await readLastTraining(store)).to.include({ head: 'cats' });
    await heads.remove('cats');
    expect(await readLastTraining(store)).to.equal(undefined);
  });

  it('never uses a head of another bundle, and lists it as stale', async () => {
    const head = await makeHead('dogs', 1, OTHER);
    await new HeadStore(store, { revision: OTHER, maxVersions: 3 }).publish(head, recordOf(head, 0));
    await live.refresh();
    expect(live.get('dogs')).to.equal(undefined);
    expect([...live.staleIds]).to.deep.equal(['dogs']);
    expect(await heads.isStale('dogs')).to.equal(true);
    expect(await trainedIds(store)).to.deep.equal(['dogs']);
    const again = await makeHead('dogs', 1);
    await heads.publish(again, recordOf(again, 1));
    await live.refresh();
    expect([...live.staleIds]).to.deep.equal([]);
    expect(await heads.isStale('dogs')).to.equal(false);
  });

  it('removes a head with all its versions, and readers let go of it', async () => {
    const head = await makeHead('dogs', 1);
    await heads.publish(head, recordOf(head, 0));
    await live.refresh();
    await heads.remove('dogs');
    await live.refresh();
    expect(live.get('dogs')).to.equal(undefined);
    expect(await store.list('')).to.deep.equal([]);
  });

  it('goes on with what it has while the store is away', async () => {
    const head = await makeHead('dogs', 1);
    await heads.publish(head, recordOf(head, 0));
    let isAway = false;
    const flaky: KeyValueStore = {
      get: (key) => store.get(key),
      getMany: (keys) => store.getMany(keys),
      put: (key, value) => store.put(key, value),
      delete: (keys) => store.delete(keys),
      list: (prefix) => (isAway ? Promise.reject(new AppError('store-away', 'Away.')) : store.list(prefix)),
      close: () => store.close(),
    };
    const reader = new TrainedHeads({ store: flaky, revision: REVISION, log: silentLog });
    await reader.refresh();
    isAway = true;
    await reader.refresh();
    expect(reader.isAway).to.equal(true);
    expect(reader.get('dogs')?.version).to.equal(head.version);
    isAway = false;
    await reader.refresh();
    expect(reader.isAway).to.equal(false);
  });

  it('looks again by itself, until it is closed', async () => {
    expect(REFRESH_MS).to.be.below(5_000);
    await live.open();
    const head = await makeHead('dogs', 1);
    await heads.publish(head, recordOf(head, 0));
    while (live.get('dogs') === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
    await live.close();
  });

  it('hears of the replicas that live, with their totals', async () => {
    const beat = (replica: string, requests: number) => ({
      replica,
      startedAt: '2026-01-01T00:00:00.000Z',
      totals: { requests },
    });
    const first = new Heart(store, 'clip', () => beat('a', 1));
    let requests = 1;
    const second = new Heart(store, 'clip', () => beat('b', requests));
    await first.open();
    await second.open();
    requests = 5;
    await second.beat();
    expect(await readHeartbeats(store, 'clip')).to.deep.equal([beat('a', 1), beat('b', 5)]);
    await first.close();
    expect(await readHeartbeats(store, 'clip')).to.deep.equal([beat('b', 5)]);
    expect(await readHeartbeats(store, 'trainer')).to.deep.equal([]);
    await second.close();
  });
});
