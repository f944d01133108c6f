import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStore, storeUrlProblem } from '../../../../shared/io/store/open-store.ts';
import { silentLog } from '../../../fixtures/silent-log.ts';
import { errorOf } from './store-contract.ts';

describe('openStore', () => {
  it('takes the embedded store and Redis', () => {
    for (const url of [
      'lmdb:.data',
      'redis://127.0.0.1:6379',
      'redis://redis.openfaas-fn:6379/2',
      'rediss://h',
    ]) {
      expect(storeUrlProblem(url), url).to.equal(undefined);
    }
  });

  it('refuses what is no store, in words', async () => {
    for (const url of ['', 'lmdb:', '.data', 'http://h', 'redis:', 'redis://']) {
      expect(storeUrlProblem(url), url).to.match(/^Expected .* for STORE_URL\.$/);
    }
    const error = await errorOf(openStore({ url: 'mysql://h', maxBytes: 1, log: silentLog }));
    expect((error as Error).message).to.match(/^Settings are not usable\. Expected/);
  });

  it('refuses a password in the URL, and does not repeat it', () => {
    const problem = storeUrlProblem('redis://:hunter2@h:6379');
    expect(problem).to.match(/secret store-password/);
    expect(problem).not.to.contain('hunter2');
  });

  it('opens the embedded store where the URL says', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'open-store-'));
    const store = await openStore({ url: `lmdb:${directory}`, maxBytes: 2 ** 24, log: silentLog });
    await store.put('a', Uint8Array.of(1));
    expect(await store.list('')).to.deep.equal(['a']);
    await store.close();
    await rm(directory, { recursive: true });
  });
});
