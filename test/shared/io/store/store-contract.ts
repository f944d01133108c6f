import { expect } from 'chai';
import { AppError } from '../../../../shared/core/errors.ts';
import type { KeyValueStore } from '../../../../shared/io/store/key-value-store.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (value: Uint8Array | undefined) =>
  value === undefined ? undefined : Buffer.from(value).toString();

export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

export async function expectCode(promise: Promise<unknown>, code: string): Promise<void> {
  const error = await errorOf(promise);
  expect(error).to.be.instanceOf(AppError);
  expect((error as AppError).code).to.equal(code);
}

/**
 * What every store does, whichever it is.
 * @param open a second view of the same store: another connection, or another handle
 */
export function describeStore(store: () => KeyValueStore, open: () => Promise<KeyValueStore>): void {
  it('gives back what was put, and undefined for what was not', async () => {
    await store().put('heads/three-dogs/current', bytes('one'));
    expect(textOf(await store().get('heads/three-dogs/current'))).to.equal('one');
    expect(await store().get('heads/two-dogs/current')).to.equal(undefined);
  });

  it('keeps every byte, and values of no bytes', async () => {
    const all = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7) % 256);
    await store().put('bytes/all', all);
    await store().put('bytes/none', new Uint8Array());
    expect(Buffer.compare((await store().get('bytes/all')) ?? bytes(''), all)).to.equal(0);
    expect((await store().get('bytes/none'))?.length).to.equal(0);
  });

  it('gives each value memory of its own', async () => {
    await store()
      .put('own/memory', Float32Array.of(1, 2, 3) as unknown as Uint8Array)
      .catch(() => undefined);
    await store().put('own/memory', new Uint8Array(Float32Array.of(1, 2, 3).buffer));
    const first = await store().get('own/memory');
    first?.fill(0);
    const second = await store().get('own/memory');
    expect(
      Array.from(new Float32Array(second?.buffer ?? new ArrayBuffer(0), second?.byteOffset, 3)),
    ).to.deep.equal([1, 2, 3]);
  });

  it('replaces a value', async () => {
    await store().put('replaced', bytes('a long first value'));
    await store().put('replaced', bytes('two'));
    expect(textOf(await store().get('replaced'))).to.equal('two');
  });

  it('answers many keys in their order, more than one command holds', async () => {
    const keys = Array.from({ length: 150 }, (_, at) => `many/${at}`);
    await Promise.all(keys.map((key) => store().put(key, bytes(key))));
    const values = await store().getMany([...keys, 'many/none', 'many/3']);
    expect(values.map(textOf)).to.deep.equal([...keys, undefined, 'many/3']);
    expect(await store().getMany([])).to.deep.equal([]);
  });

  it('lists the keys of a prefix, sorted, and no others', async () => {
    for (const key of ['list/b', 'list/a/2', 'list/a/10', 'lists/c', 'lis', 'list/a']) {
      await store().put(key, bytes(key));
    }
    expect(await store().list('list/')).to.deep.equal(['list/a', 'list/a/10', 'list/a/2', 'list/b']);
    expect(await store().list('nothing/')).to.deep.equal([]);
  });

  it('lists all keys, also more than it looks at in one go, without those that have ended', async () => {
    const keys = Array.from({ length: 2_000 }, (_, at) => `all/${String(at).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 50) {
      const some = keys.slice(at, at + 50);
      await Promise.all(
        some.map((key) => store().put(key, bytes(''), { ...(key === 'all/1000' && { ttlMs: 1 }) })),
      );
    }
    while ((await store().get('all/1000')) !== undefined)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await store().list('all/')).to.deep.equal(keys.filter((key) => key !== 'all/1000'));
  });

  it('forgets what is deleted, and does not mind what never was', async () => {
    await store().put('gone/1', bytes('1'));
    await store().put('gone/2', bytes('2'));
    await store().delete(['gone/1', 'gone/never']);
    await store().delete([]);
    expect(await store().get('gone/1')).to.equal(undefined);
    expect(await store().list('gone/')).to.deep.equal(['gone/2']);
  });

  it('lets a value end, in gets and lists alike', async () => {
    await store().put('ends/late', bytes('late'), { ttlMs: 60_000 });
    let listed: readonly string[] = [];
    // On a slow disk a short time is over before the list: until there is one during which the value lived.
    for (let ttlMs = 60; listed.length === 0; ttlMs *= 2) {
      await store().put('ends/soon', bytes('soon'), { ttlMs });
      const some = await store().list('ends/');
      if ((await store().get('ends/soon')) !== undefined) listed = some;
    }
    expect(listed).to.deep.equal(['ends/late', 'ends/soon']);
    while ((await store().get('ends/soon')) !== undefined)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await store().list('ends/')).to.deep.equal(['ends/late']);
    expect(textOf(await store().get('ends/late'))).to.equal('late');
  });

  it('lets a value that would end stay, when it is put without an end', async () => {
    await store().put('stays', bytes('a'), { ttlMs: 30 });
    await store().put('stays', bytes('b'));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(textOf(await store().get('stays'))).to.equal('b');
    expect(await store().list('stays')).to.deep.equal(['stays']);
  });

  it('shows another connection what was put, at once', async () => {
    const other = await open();
    try {
      for (let round = 0; round < 20; round++) {
        await store().put('shared', bytes(String(round)));
        expect(textOf(await other.get('shared'))).to.equal(String(round));
      }
    } finally {
      await other.close();
    }
  });

  it('is away from the moment that it is closed', async () => {
    const other = await open();
    const writing = errorOf(other.put('closing', bytes('1')));
    const closing = other.close();
    await expectCode(other.get('one'), 'store-away');
    await Promise.all([writing, closing]);
    for (const work of [other.list('one'), other.put('one', bytes('1')), other.delete(['one'])]) {
      await expectCode(work, 'store-away');
    }
    // What is thrown in a timer ends the process, and the test with it.
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('refuses keys that are none', async () => {
    for (const key of ['', '/a', 'a/', 'a//b', 'a b', 'ä', 'a\u0000', 'x'.repeat(501)]) {
      expect(await errorOf(store().put(key, bytes('x'))), key).to.be.instanceOf(RangeError);
    }
  });

  it('refuses a value over the bound as full', async () => {
    await expectCode(store().put('huge', new Uint8Array(64 * 2 ** 20 + 1)), 'store-full');
    expect(await store().get('huge')).to.equal(undefined);
  });
}
