import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { BundlePlace } from '../../../scripts/models/bundle-place.ts';

describe('BundlePlace', () => {
  let modelsDir: string;
  let place: BundlePlace;

  beforeEach(async () => {
    modelsDir = await mkdtemp(join(tmpdir(), 'place-'));
    place = new BundlePlace(modelsDir, 'clip');
  });

  afterEach(() => rm(modelsDir, { recursive: true }));

  async function leaveLock(owner: object): Promise<void> {
    await mkdir(join(modelsDir, '.lock-clip'));
    await writeFile(join(modelsDir, '.lock-clip', 'owner.json'), JSON.stringify(owner));
  }

  async function put(directory: string, content: string): Promise<void> {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'a.txt'), content);
  }

  async function refusal(work: Promise<unknown>): Promise<string> {
    return work.then(
      () => 'it worked',
      (error: unknown) => (error as Error).message,
    );
  }

  it('holds one lock at a time and gives it back, also after a failure', async () => {
    await place.locked(async () => {
      const second = await refusal(place.locked(() => Promise.resolve()));
      expect(second).to.equal(
        `Process ${process.pid} is working on clip already. Wait for it, or stop it and try again.`,
      );
    });
    expect(await refusal(place.locked(() => Promise.reject(new Error('broken'))))).to.equal('broken');
    expect(await place.locked(() => Promise.resolve('free'))).to.equal('free');
    expect(await readdir(modelsDir)).to.deep.equal([]);
  });

  it('lets bundles of other names alone', async () => {
    const other = new BundlePlace(modelsDir, 'other');
    expect(await place.locked(() => other.locked(() => Promise.resolve('both')))).to.equal('both');
  });

  it('takes over the lock of a process that is gone', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    await leaveLock({ pid: gone, host: hostname(), key: 'x' });
    expect(await place.locked(() => Promise.resolve('mine'))).to.equal('mine');
  });

  it('takes over a lock that says nothing', async () => {
    await mkdir(join(modelsDir, '.lock-clip'));
    expect(await place.locked(() => Promise.resolve('mine'))).to.equal('mine');
  });

  it('respects a process of another machine', async () => {
    await leaveLock({ pid: 1, host: 'another-host', key: 'x' });
    expect(await refusal(place.locked(() => Promise.resolve()))).to.contain('Process 1 is working on clip');
  });

  it('puts the finished directory over the old one, and cleans up', async () => {
    await put(place.target, 'old');
    await put(place.unfinished, 'new');
    await place.putInPlace();
    expect(await readFile(join(place.target, 'a.txt'), 'utf8')).to.equal('new');
    expect(await readdir(modelsDir)).to.deep.equal(['clip']);
  });

  it('removes what is there, and says whether there was anything', async () => {
    expect(await place.remove()).to.equal(false);
    await put(place.target, 'old');
    await put(place.unfinished, 'half');
    expect(await place.remove()).to.equal(true);
    expect(await readdir(modelsDir)).to.deep.equal([]);
  });
});
