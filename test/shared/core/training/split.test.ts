import { expect } from 'chai';
import fc from 'fast-check';
import { splitPictures, type LabelledPicture } from '../../../../shared/core/training/split.ts';

const pictures = (label: string, count: number): LabelledPicture[] =>
  Array.from({ length: count }, (_, at) => ({ label, sha256: `${label}${at}`.padEnd(64, '0') }));

describe('splitPictures', () => {
  it('gives each class of five three to train, one to validate, one to hold out', () => {
    const split = splitPictures([...pictures('cat', 5), ...pictures('dog', 5)], 0);
    expect(split.train).to.have.length(6);
    expect(split.validation).to.have.length(2);
    expect(split.holdOut).to.have.length(2);
    expect(split.holdOut.filter((place) => place < 5)).to.have.length(1);
  });

  it('holds out a fifth', () => {
    const split = splitPictures(pictures('cat', 100), 0);
    expect([split.train.length, split.validation.length, split.holdOut.length]).to.deep.equal([60, 20, 20]);
  });

  it('puts every picture into one part exactly, and every class into each', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 3, max: 30 }), { minLength: 1, maxLength: 5 }),
        fc.integer(),
        (counts, seed) => {
          const all = counts.flatMap((count, at) => pictures(`class${at}`, count));
          const { train, validation, holdOut } = splitPictures(all, seed);
          expect([...train, ...validation, ...holdOut].sort((a, b) => a - b)).to.deep.equal([...all.keys()]);
          for (const part of [train, validation, holdOut]) {
            expect(new Set(part.map((place) => all[place]?.label)).size).to.equal(counts.length);
          }
        },
      ),
    );
  });

  it('is the same for the same seed in whatever order the pictures come, and another for another seed', () => {
    const all = pictures('cat', 40);
    const heldOut = (list: readonly LabelledPicture[], seed: number) =>
      splitPictures(list, seed)
        .holdOut.map((place) => list[place]?.sha256)
        .sort();
    expect(heldOut([...all].reverse(), 7)).to.deep.equal(heldOut(all, 7));
    expect(heldOut(all, 8)).to.not.deep.equal(heldOut(all, 7));
  });

  it('hardly moves a picture when others are added', () => {
    const before = pictures('cat', 50);
    const after = pictures('cat', 55);
    const heldOut = new Set(splitPictures(after, 0).holdOut);
    const kept = splitPictures(before, 0).train.filter((place) => !heldOut.has(place));
    expect(kept.length).to.be.greaterThan(25);
  });

  it('refuses a class too small for three parts', () => {
    expect(() => splitPictures(pictures('cat', 2), 0)).to.throw(RangeError, '"cat" but received 2');
  });
});
