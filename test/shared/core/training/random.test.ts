import { expect } from 'chai';
import { hashText, seededRandom, shuffledIndices } from '../../../../shared/core/training/random.ts';

describe('seededRandom', () => {
  it('repeats itself for a seed and differs for another', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(1)).to.deep.equal(draw(1));
    expect(draw(1)).to.not.deep.equal(draw(2));
  });

  it('is uniform in [0, 1)', () => {
    const random = seededRandom(3);
    const tenths = new Int32Array(10);
    for (let at = 0; at < 10_000; at++) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).to.be.greaterThan(900);
    expect(Math.max(...tenths)).to.be.lessThan(1_100);
  });
});

describe('shuffledIndices', () => {
  it('holds each index once, not in order', () => {
    const order = shuffledIndices(50, seededRandom(0));
    expect(Array.from(order).sort((a, b) => a - b)).to.deep.equal([...Array(50).keys()]);
    expect(Array.from(order)).to.not.deep.equal([...Array(50).keys()]);
    expect(shuffledIndices(0, seededRandom(0))).to.have.length(0);
  });
});

describe('hashText', () => {
  it('is FNV-1a', () => {
    // From the authors' table of test vectors.
    expect(hashText('')).to.equal(0x811c9dc5);
    expect(hashText('a')).to.equal(0xe40c292c);
    expect(hashText('foobar')).to.equal(0xbf9cf968);
  });
});
