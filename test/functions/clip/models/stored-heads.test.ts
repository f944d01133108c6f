import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { StoredHeads } from '../../../../functions/clip/models/stored-heads.ts';
import { headVersion } from '../../../../shared/core/head-version.ts';
import type { LinearHead } from '../../../../shared/core/head.ts';
import { HeadStore } from '../../../../shared/io/heads/head-store.ts';
import type { KeyValueStore } from '../../../../shared/io/store/key-value-store.ts';
import { LmdbStore } from '../../../../shared/io/store/lmdb-store.ts';
import { storeAway } from '../../../../shared/io/store/store-errors.ts';
import { silentLog } from '../../../fixtures/silent-log.ts';

const REVISION = `sha256:${'1'.repeat(64)}`;

async function makeHead(id: string): Promise<LinearHead> {
  const content = {
    ...{ id, kind: 'linear' as const, bundleRevision: REVISION, labels: ['a', 'b'] },
    ...{ weights: Float32Array.of(1, 0, 0, 1), bias: new Float32Array(2), scale: 1, temperature: 1 },
  };
  return { ...content, title: id, version: await headVersion(content) };
}

describe('the built-in heads in the store', () => {
  let directory: string;
  let store: KeyValueStore;
  let heads: HeadStore;
  let stored: StoredHeads;
  const ids = () => heads.builtInIds().catch(() => undefined);
  /** Asks until it is so; the test's own limit ends it otherwise. */
  const untilThere = async (): Promise<void> => {
    while ((await ids()) === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stored-heads-'));
    store = await LmdbStore.open({ path: directory, maxBytes: 2 ** 28 });
    heads = new HeadStore(store, { revision: REVISION, maxVersions: 3 });
    stored = new StoredHeads({ store, revision: REVISION, log: silentLog, lookAgainMs: 20 });
  });
  afterEach(async () => {
    await stored.close();
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('are there once they are published', async () => {
    await stored.publish([await makeHead('warm')]);
    expect(await ids()).to.deep.equal(['warm']);
    expect((await heads.read('warm', '0')).labels).to.deep.equal(['a', 'b']);
  });

  it('are put there again when the store has lost everything', async () => {
    await stored.publish([await makeHead('warm')]);
    await store.delete(await store.list(''));
    await untilThere();
    expect((await heads.read('warm', '0')).id).to.equal('warm');
  });

  it('are put there as soon as a store that was away takes them', async () => {
    const put = store.put.bind(store);
    store.put = () => Promise.reject(storeAway('a test'));
    await stored.publish([await makeHead('warm')]);
    expect(await ids()).to.equal(undefined);
    store.put = put;
    await untilThere();
    expect(await ids()).to.deep.equal(['warm']);
  });
});
