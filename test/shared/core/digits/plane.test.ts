import { expect } from 'chai';
import { boxBlur, mapPlane, quantile, type Plane } from '../../../../shared/core/digits/plane.ts';

const plane = (width: number, ...values: number[]): Plane => ({
  width,
  height: values.length / width,
  values: Float32Array.from(values),
});

describe('planes of numbers', () => {
  it('blurs a row by means that are cut off at the border', () => {
    expect([...boxBlur(plane(3, 0, 0, 3), 1).values]).to.deep.equal([0, 1, 1.5]);
  });

  it('blurs both ways', () => {
    const { values } = boxBlur(plane(3, 0, 0, 0, 0, 9, 0, 0, 0, 0), 1);
    expect([...values]).to.deep.equal([2.25, 1.5, 2.25, 1.5, 1, 1.5, 2.25, 1.5, 2.25]);
  });

  it('keeps what is even, however far it looks', () => {
    expect([...boxBlur(plane(2, 4, 4, 4, 4, 4, 4), 100).values]).to.deep.equal([4, 4, 4, 4, 4, 4]);
  });

  it('maps values with their positions, and leaves the plane as it was', () => {
    const before = plane(2, 1, 2, 3, 4);
    expect([...mapPlane(before, (value, at) => 10 * value + at).values]).to.deep.equal([10, 21, 32, 43]);
    expect([...before.values]).to.deep.equal([1, 2, 3, 4]);
  });

  it('finds the value that a share of them does not exceed', () => {
    const values = Float32Array.from({ length: 1_000 }, (_, at) => at / 1_000);
    expect(quantile(values, 0.5)).to.be.closeTo(0.5, 0.005);
    expect(quantile(values, 0.99)).to.be.closeTo(0.99, 0.005);
    expect(quantile(Float32Array.of(0, 0, 0, 8), 0.5)).to.equal(0);
    expect(quantile(new Float32Array(5), 0.9)).to.equal(0);
  });
});
