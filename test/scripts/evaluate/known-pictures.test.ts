import { expect } from 'chai';
import type { DataSet } from '../../../scripts/evaluate/data-set.ts';
import { describeUnknown, knownPictures, requireKnown } from '../../../scripts/evaluate/known-pictures.ts';

const HEAD = {
  id: 'pets',
  title: 'Pets',
  templates: ['{}'],
  labels: [{ label: 'cat' }, { label: 'sea lion' }],
};

function dataOf(...folders: string[]): DataSet {
  const pictures = folders.map((said, at) => ({ path: `${at}.jpg`, truth: { label: said }, said }));
  return { name: 'data', pictures };
}

describe('knownPictures', () => {
  it('gives positions in the head, and counts what it has not', () => {
    const { pictures, unknown } = knownPictures(dataOf('sea_lion', 'unicorn', 'cat', 'unicorn'), HEAD);
    expect(pictures.map(({ path, position }) => [path, position])).to.deep.equal([
      ['0.jpg', 1],
      ['2.jpg', 0],
    ]);
    expect(unknown).to.deep.equal(new Map([['unicorn', 2]]));
  });
});

describe('describeUnknown', () => {
  it('names at most ten classes', () => {
    expect(describeUnknown(new Map([['unicorn', 3]]))).to.equal('1 class (3 pictures): unicorn');
    const many = new Map(Array.from({ length: 12 }, (_, at) => [`c${at}`, 2]));
    expect(describeUnknown(many)).to.equal(
      '12 classes (24 pictures): c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, and 2 more',
    );
  });
});

describe('requireKnown', () => {
  it('lets through what is all known, and what is left out on purpose', () => {
    expect(() => requireKnown(knownPictures(dataOf('cat'), HEAD), false)).not.to.throw();
    expect(() => requireKnown(knownPictures(dataOf('cat', 'unicorn'), HEAD), true)).not.to.throw();
  });

  it('refuses the unknown, and data of which nothing is known', () => {
    const half = knownPictures(dataOf('cat', 'unicorn'), HEAD);
    expect(() => requireKnown(half, false)).to.throw(/no label for 1 class .*unicorn.* --skip-unknown/);
    expect(() => requireKnown(knownPictures(dataOf('unicorn'), HEAD), true)).to.throw(
      /knows none of the labels/,
    );
  });
});
