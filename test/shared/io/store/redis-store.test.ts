import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { KeyValueStore } from '../../../../shared/io/store/key-value-store.ts';
import { openStore } from '../../../../shared/io/store/open-store.ts';
import { RedisStore } from '../../../../shared/io/store/redis-store.ts';
import { RedisServer, redisMissing } from '../../../fixtures/redis-server.ts';
import { RecordedLog } from '../../../fixtures/recorded-log.ts';
import { silentLog } from '../../../fixtures/silent-log.ts';
import { describeStore, errorOf, expectCode } from './store-contract.ts';

const missing = redisMissing();
const PASSWORD = 'test password';
/** Longer than any test: what depends on its end does not come. */
const PATIENT_MS = 600_000;
const value = new Uint8Array(1_000);

/** What the first put that fails says; undefined when none does. */
async function firstRefused(keys: readonly string[], put: (key: string) => Promise<void>): Promise<unknown> {
  for (const key of keys) {
    const error = await errorOf(put(key));
    if (error !== undefined) return error;
  }
  return undefined;
}

describe(`RedisStore on a real Redis${missing === undefined ? '' : ` – skipped: ${missing}`}`, function () {
  let server: RedisServer;
  let store: KeyValueStore;
  const open = () =>
    RedisStore.open({ url: server.url, password: PASSWORD, timeoutMs: PATIENT_MS, log: silentLog });
  /** As the functions open it. */
  const openQuick = (password = PASSWORD) =>
    openStore({ url: server.url, password, maxBytes: 0, log: silentLog });

  before(async function () {
    if (missing !== undefined) this.skip();
    server = await RedisServer.start('--requirepass', PASSWORD);
    store = await open();
  });
  after(async () => {
    if (missing !== undefined) return;
    await store.close();
    await server.remove();
  });

  describeStore(() => store, open);

  it('is away with a wrong password', async () => {
    const stranger = await openQuick('guess');
    await expectCode(stranger.get('a'), 'store-away');
    await stranger.close();
  });

  it('tells the log each reason why it is away, once', async () => {
    const late = await RedisServer.start('--requirepass', PASSWORD);
    await late.stop();
    const log = new RecordedLog();
    const stranger = await openStore({ url: late.url, password: 'guess', maxBytes: 0, log });
    const reasons = () => log.lines.map(({ fields }) => (fields as { err: Error }).err.message);
    try {
      await late.run();
      while (!reasons().some((reason) => reason.includes('WRONGPASS')))
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(reasons().join('\n')).to.contain('ECONNREFUSED');
      expect(new Set(reasons()).size).to.equal(reasons().length);
    } finally {
      await stranger.close();
      await late.remove();
    }
  });

  it('says that it is full when Redis has no memory left, and still reads and deletes', async () => {
    const small = await RedisServer.start('--maxmemory', '3mb', '--maxmemory-policy', 'volatile-lru');
    const full = await RedisStore.open({ url: small.url, timeoutMs: PATIENT_MS, log: silentLog });
    try {
      const keys = Array.from({ length: 20 }, (_, at) => `part/${at}`);
      const refused = await firstRefused(keys, (key) => full.put(key, new Uint8Array(200_000)));
      expect(refused).to.deep.include({ code: 'store-full' });
      expect((await full.get('part/0'))?.length).to.equal(200_000);
      await full.delete(keys.slice(1));
      await full.put('more', value);
      expect(await full.list('')).to.deep.equal(['more', 'part/0']);
    } finally {
      await full.close();
      await small.remove();
    }
  });

  it('does not take a delay of its own process for one of Redis', async () => {
    await store.put('there', value);
    const quick = await openQuick();
    const reading = quick.get('there');
    await setImmediate();
    const until = performance.now() + 300;
    while (performance.now() < until);
    expect((await reading)?.length).to.equal(1_000);
    await quick.close();
  });

  it('fails at once while Redis is away, and comes back by itself with what was kept', async () => {
    await store.put('before', value);
    await server.stop();
    while ((await store.get('before').catch(() => undefined)) !== undefined) continue;
    await expectCode(store.put('during', value), 'store-away');
    await expectCode(store.list('b'), 'store-away');
    await server.run();
    let found: Uint8Array | undefined;
    while (found === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      found = await store.get('before').catch(() => undefined);
    }
    expect(found.length).to.equal(1_000);
    expect(await store.get('during')).to.equal(undefined);
  });

  it('gives up on a Redis that hangs', async () => {
    const quick = await openQuick();
    server.signal('SIGSTOP');
    try {
      await expectCode(quick.get('before'), 'store-away');
    } finally {
      server.signal('SIGCONT');
      await quick.close();
    }
    await store.put('after', value);
    expect((await store.get('after'))?.length).to.equal(1_000);
  });

  it('opens without a server, and is away until there is one', async () => {
    const late = await RedisServer.start();
    await late.stop();
    const opened = await openStore({ url: late.url, maxBytes: 0, log: silentLog });
    try {
      await expectCode(opened.get('a'), 'store-away');
      await late.run();
      let isThere = false;
      while (!isThere) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        isThere = await opened.put('a', value).then(
          () => true,
          () => false,
        );
      }
      expect((await opened.get('a'))?.length).to.equal(1_000);
    } finally {
      await opened.close();
      await late.remove();
    }
  });
});
