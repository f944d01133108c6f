import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { LmdbStore } from '../../../../shared/io/store/lmdb-store.ts';
import { describeStore, expectCode } from './store-contract.ts';

const WRITER = fileURLToPath(new URL('../../../fixtures/endless-writer.ts', import.meta.url));

describe('LmdbStore', () => {
  let directory: string;
  let store: LmdbStore;
  const open = (name = 'store', maxBytes = 512 * 2 ** 20) =>
    LmdbStore.open({ path: join(directory, name), maxBytes });

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lmdb-'));
    store = await open();
  });
  after(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  describeStore(() => store, open);

  it('keeps everything over a restart', async () => {
    const first = await open('again');
    await first.put('a', Uint8Array.of(1, 2));
    await first.close();
    const second = await open('again');
    expect(Array.from((await second.get('a')) ?? [])).to.deep.equal([1, 2]);
    await second.close();
  });

  it('says that it is full at its bound, and takes more after a delete', async () => {
    const small = await open('small', 2 ** 20);
    await small.put('kept', new Uint8Array(700_000));
    await expectCode(small.put('more', new Uint8Array(700_000)), 'store-full');
    expect(await small.list('')).to.deep.equal(['kept']);
    await small.delete(['kept']);
    await small.put('more', new Uint8Array(700_000));
    expect((await small.get('more'))?.length).to.equal(700_000);
    await small.close();
  });

  it('makes room of what has ended before it says that it is full', async () => {
    const small = await open('ending', 2 ** 20);
    await small.put('ended', new Uint8Array(700_000), { ttlMs: 1 });
    while ((await small.get('ended')) !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    await small.put('more', new Uint8Array(700_000));
    expect(await small.list('')).to.deep.equal(['more']);
    await small.close();
  });

  it('is away where its directory cannot be made', async () => {
    await writeFile(join(directory, 'file'), '');
    await expectCode(open('file/below'), 'store-away');
  });

  const startWriter = (path: string, bytes: number) =>
    spawn(process.execPath, ['--import', 'tsx', WRITER, join(directory, path), String(bytes)]);

  it('shows another process whole values only, also after that one is killed in the middle of a write', async function () {
    this.timeout(60_000);
    const bytes = 3 * 2 ** 20;
    const child = startWriter('torn', bytes);
    await once(child.stdout, 'data');
    const reader = await open('torn');
    const seen = new Set<number | undefined>();
    const readWhole = async () => {
      const value = await reader.get('torn');
      expect(value?.length).to.equal(bytes);
      expect(value?.every((byte) => byte === value[0])).to.equal(true);
      seen.add(value?.[0]);
    };
    // Until values changed under the reader, and then some.
    while (seen.size < 3) await readWhole();
    for (let round = 0; round < 30; round++) await readWhole();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await readWhole();
    await reader.close();
  });

  it('goes on reading and writing after another process is killed while it flushes', async function () {
    this.timeout(120_000);
    for (let kills = 0; kills < 3; kills++) {
      const child = startWriter(`killed-${kills}`, 1_024);
      await once(child.stdout, 'data');
      const store = await open(`killed-${kills}`);
      await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
      await store.put('torn', Uint8Array.of(1));
      expect(Array.from((await store.get('torn')) ?? [])).to.deep.equal([1]);
      await store.close();
    }
  });
});
