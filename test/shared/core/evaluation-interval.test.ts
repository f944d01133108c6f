import { expect } from 'chai';
import fc from 'fast-check';
import { proportion } from '../../../shared/core/evaluation-interval.ts';

describe('proportion', () => {
  /** statsmodels 0.15.0, proportion_confint(hits, trials, method='wilson') */
  const golden: [number, number, number, number][] = [
    [8, 10, 0.4901624715, 0.9433178485],
    [0, 10, 0, 0.2775327998],
    [10, 10, 0.7224672002, 1],
    [1302, 2000, 0.6298386543, 0.6715823974],
  ];
  for (const [hits, trials, low, high] of golden) {
    it(`puts ${hits} of ${trials} within ${low}…${high}`, () => {
      const { value, interval } = proportion(hits, trials);
      expect(value).to.equal(hits / trials);
      expect(interval[0]).to.be.closeTo(low, 1e-8);
      expect(interval[1]).to.be.closeTo(high, 1e-8);
    });
  }

  it('holds the share, narrows with more trials, and mirrors', () => {
    const trials = fc.integer({ min: 1, max: 5000 }).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)));
    fc.assert(
      fc.property(trials, ([hits, n]) => {
        const { value, interval } = proportion(hits, n);
        expect(value).to.be.within(interval[0] - 1e-12, interval[1] + 1e-12);
        const more = proportion(hits * 4, n * 4).interval;
        expect(more[1] - more[0]).to.be.below(interval[1] - interval[0]);
        expect(proportion(n - hits, n).interval[0]).to.be.closeTo(1 - interval[1], 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  for (const [hits, trials] of [
    [0, 0],
    [3, 2],
    [-1, 2],
    [NaN, 2],
    [1, NaN],
  ] as const) {
    it(`refuses ${hits} of ${trials}`, () => expect(() => proportion(hits, trials)).to.throw(RangeError));
  }
});
