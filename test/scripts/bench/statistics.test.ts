import { expect } from 'chai';
import fc from 'fast-check';
import { median, percentile } from '../../../scripts/bench/statistics.ts';

describe('percentile', () => {
  it('takes the nearest rank', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).to.equal(2);
    expect(percentile([4, 1, 3, 2], 0.95)).to.equal(4);
    expect(percentile([4, 1, 3, 2], 0)).to.equal(1);
    expect(percentile([10, 9], 1)).to.equal(10);
    expect(median([7])).to.equal(7);
  });

  it('leaves its values as they were, and refuses none', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).to.deep.equal([3, 1, 2]);
    expect(() => median([])).to.throw(RangeError);
  });

  it('is one of the values, with no more than its share below', () => {
    const shares = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), shares, (values, share) => {
        const value = percentile(values, share);
        expect(values).to.include(value);
        const below = values.filter((other) => other < value).length;
        expect(below).to.be.at.most(share * values.length);
      }),
    );
  });
});
