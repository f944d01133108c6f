import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ExampleStore } from '../../../../functions/trainer/examples/example-store.ts';
import { LmdbStore } from '../../../../shared/io/store/lmdb-store.ts';
import { storeAway } from '../../../../shared/io/store/store-errors.ts';

const HASHES = Array.from({ length: 100 }, (_, at) => at.toString(16).padStart(64, '0'));

describe('ExampleStore', () => {
  let directory: string;
  let store: LmdbStore;
  let examples: ExampleStore;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'examples-'));
    store = await LmdbStore.open({ path: directory, maxBytes: 2 ** 30 });
    examples = new ExampleStore(store);
    for (const sha256 of HASHES) await add(sha256, 'teal');
  });
  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  function add(sha256: string, label: string): Promise<void> {
    const kept = { thumbnail: new Uint8Array(8), vectors: [new Float32Array(4)], revision: 'sha256:1' };
    return examples.add('colours', { sha256, label, addedAt: '' }, kept);
  }

  /** Hashes that the store has something of. */
  async function hashesUnder(prefix: string): Promise<readonly (string | undefined)[]> {
    return (await store.list(prefix)).map((key) => key.split('/')[2]);
  }

  it('removes all that there is of a picture', async () => {
    expect(await examples.remove('colours', HASHES)).to.equal(100);
    expect(await store.list('')).to.deep.equal([]);
  });

  it('leaves no picture out of sight where the store goes away in the middle of removing some', async () => {
    const removeKeys = store.delete.bind(store);
    let calls = 0;
    store.delete = (keys) => (++calls === 2 ? Promise.reject(storeAway('a test')) : removeKeys(keys));
    const failure = await examples.remove('colours', HASHES).catch((error: unknown) => error);
    expect(failure).to.include({ code: 'store-away' });
    const listed = (await examples.list('colours')).map(({ sha256 }) => sha256);
    expect(await hashesUnder('thumbnails/')).to.deep.equal(listed);
    expect(await hashesUnder('vectors/')).to.deep.equal(listed);
  });

  it('keeps a picture whole that is added again while others are still being removed', async () => {
    const last = HASHES.at(-1) ?? '';
    const removing = examples.remove('colours', HASHES);
    while ((await examples.get('colours', last)) !== undefined) await new Promise(setImmediate);
    await add(last, 'orange');
    await removing;
    expect(await examples.list('colours')).to.deep.equal([{ sha256: last, label: 'orange', addedAt: '' }]);
    expect(await hashesUnder('thumbnails/')).to.deep.equal([last]);
    expect(await hashesUnder('vectors/')).to.deep.equal([last]);
  });
});
