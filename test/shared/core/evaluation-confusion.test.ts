import { expect } from 'chai';
import fc from 'fast-check';
import { ConfusionCounts, macroFigures } from '../../../shared/core/evaluation-confusion.ts';

function countsOf(size: number, pairs: readonly (readonly [number, number])[]): ConfusionCounts {
  const counts = new ConfusionCounts(size);
  for (const [truth, predicted] of pairs) counts.add(truth, predicted);
  return counts;
}

describe('ConfusionCounts', () => {
  const worked = countsOf(3, [
    [0, 0],
    [0, 1],
    [1, 1],
  ]);

  it('lists the cells over zero, by rows', () => {
    expect(worked.cells()).to.deep.equal([
      [0, 0, 1],
      [0, 1, 1],
      [1, 1, 1],
    ]);
    expect(
      countsOf(3, [
        [2, 0],
        [0, 2],
        [2, 0],
      ]).cells(),
    ).to.deep.equal([
      [0, 2, 1],
      [2, 0, 2],
    ]);
  });

  it('works out the example: precision 1/2, recall 1, F1 2/3', () => {
    const [first, second, third] = worked.figures(['a', 'b', 'c']);
    expect(first).to.deep.include({ label: 'a', precision: 1, recall: 0.5, support: 2 });
    expect(second).to.deep.include({ label: 'b', precision: 0.5, recall: 1, support: 1 });
    expect(second?.f1).to.be.closeTo(2 / 3, 1e-12);
    expect(third).to.deep.equal({ label: 'c', precision: 0, recall: 0, f1: 0, support: 0 });
  });

  it('means over the labels that occur', () => {
    const macro = macroFigures(worked.figures(['a', 'b', 'c']));
    expect(macro).to.deep.include({ precision: 0.75, recall: 0.75 });
    expect(macro.f1).to.be.closeTo(2 / 3, 1e-12);
    expect(macroFigures([])).to.deep.equal({ precision: 0, recall: 0, f1: 0 });
  });

  for (const [truth, predicted] of [
    [3, 0],
    [0, 3],
    [-1, 0],
    [0.5, 0],
    [NaN, 0],
  ] as const) {
    it(`refuses ${truth} taken for ${predicted} among three labels`, () => {
      expect(() => new ConfusionCounts(3).add(truth, predicted)).to.throw(RangeError);
    });
  }

  it('has F1 between precision and recall, and supports that sum to the pictures', () => {
    const index = fc.nat(4);
    fc.assert(
      fc.property(fc.array(fc.tuple(index, index), { minLength: 1 }), (pairs) => {
        const figures = countsOf(5, pairs).figures(['a', 'b', 'c', 'd', 'e']);
        expect(figures.reduce((sum, { support }) => sum + support, 0)).to.equal(pairs.length);
        for (const { precision, recall, f1 } of figures) {
          expect(f1).to.be.within(Math.min(precision, recall) - 1e-12, Math.max(precision, recall) + 1e-12);
        }
      }),
    );
  });
});
