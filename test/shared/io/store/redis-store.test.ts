import { expect } from 'chai';
import type { KeyValueStore } from '../../../../shared/io/store/key-value-store.ts';
import { openStore } from '../../../../shared/io/store/open-store.ts';
import { RedisServer, redisMissing } from '../../../fixtures/redis-server.ts';
import { silentLog } from '../../../fixtures/silent-log.ts';
import { describeStore, errorOf, expectCode } from './store-contract.ts';

const missing = redisMissing();
const PASSWORD = 'test password';
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
  const open = (password = PASSWORD) => openStore({ url: server.url, password, maxBytes: 0, log: silentLog });

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
    const stranger = await open('guess');
    await expectCode(stranger.get('a'), 'store-away');
    await stranger.close();
  });

  it('says that it is full when Redis has no memory left, and still reads and deletes', async () => {
    const small = await RedisServer.start('--maxmemory', '3mb', '--maxmemory-policy', 'volatile-lru');
    const full = await openStore({ url: small.url, maxBytes: 0, log: silentLog });
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

  it('fails at once while Redis is away, and comes back by itself with what was kept', async () => {
    await store.put('before', value);
    await server.stop();
    while ((await store.get('before').catch(() => undefined)) !== undefined) continue;
    const asked = performance.now();
    await expectCode(store.put('during', value), 'store-away');
    await expectCode(store.list('b'), 'store-away');
    expect(performance.now() - asked).to.be.lessThan(1_000);
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
    server.signal('SIGSTOP');
    try {
      await expectCode(store.get('before'), 'store-away');
    } finally {
      server.signal('SIGCONT');
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
