import { expect } from 'chai';
import fc from 'fast-check';
import { LruCache } from '../../../shared/core/lru-cache.ts';

/** Each value is its own size; keys of one character count two bytes. */
const cacheOf = (maxBytes: number) => new LruCache<number>({ maxBytes, sizeOf: (value) => value });

describe('LruCache', () => {
  it('gives back what was kept, and nothing else', () => {
    const cache = cacheOf(100);
    cache.set('a', 10);
    expect(cache.get('a')).to.equal(10);
    expect(cache.get('b')).to.equal(undefined);
    expect(cache.size).to.equal(1);
    expect(cache.bytes).to.equal(12);
  });

  it('drops what was not used for longest when the bytes run out', () => {
    const cache = cacheOf(36);
    cache.set('a', 10);
    cache.set('b', 10);
    cache.set('c', 10);
    cache.get('a');
    cache.set('d', 10);
    expect(cache.get('b')).to.equal(undefined);
    expect(cache.get('a')).to.equal(10);
    expect(cache.size).to.equal(3);
  });

  it('replaces a value and counts only the new one', () => {
    const cache = cacheOf(100);
    cache.set('a', 50);
    cache.set('a', 20);
    expect(cache.get('a')).to.equal(20);
    expect(cache.bytes).to.equal(22);
  });

  it('does not keep what alone is too large, nor the value that it would replace', () => {
    const cache = cacheOf(20);
    cache.set('a', 10);
    cache.set('a', 19);
    expect(cache.get('a')).to.equal(undefined);
    expect(cache.bytes).to.equal(0);
  });

  it('deletes, and says whether there was something', () => {
    const cache = cacheOf(20);
    cache.set('a', 10);
    expect(cache.delete('a')).to.equal(true);
    expect(cache.delete('a')).to.equal(false);
    expect(cache.bytes).to.equal(0);
  });

  it('agrees with a plain list, whatever is done to it', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const step = fc.record({
      key,
      action: fc.constantFrom('get', 'set', 'delete'),
      value: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const cache = cacheOf(40);
        let model: { key: string; value: number }[] = [];
        for (const { key, action, value } of steps) {
          const known = model.find((entry) => entry.key === key);
          if (action === 'get') expect(cache.get(key)).to.equal(known?.value);
          if (action === 'set') cache.set(key, value);
          if (action === 'delete') expect(cache.delete(key)).to.equal(known !== undefined);
          const others = model.filter((entry) => entry.key !== key);
          if (action === 'get' && known !== undefined) model = [...others, known];
          if (action === 'set') model = [...others, { key, value }];
          if (action === 'delete') model = others;
          while (bytesOf(model) > 40) model.shift();
          expect(cache.bytes).to.equal(bytesOf(model));
          expect(cache.size).to.equal(model.length);
        }
      }),
    );
  });
});

function bytesOf(entries: readonly { readonly value: number }[]): number {
  return entries.reduce((sum, { value }) => sum + value + 2, 0);
}
