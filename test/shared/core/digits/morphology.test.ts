import { expect } from 'chai';
import { darkStrokes, dilate, erode } from '../../../../shared/core/digits/morphology.ts';
import type { Plane } from '../../../../shared/core/digits/plane.ts';
import { seededRandom } from '../../../../shared/core/training/random.ts';

const row = (...values: number[]): Plane => ({
  width: values.length,
  height: 1,
  values: Float32Array.from(values),
});

function noise(width: number, height: number): Plane {
  const random = seededRandom(5);
  return { width, height, values: Float32Array.from({ length: width * height }, random) };
}

/** The definition, pixel by pixel. */
function greatestAround({ width, height, values }: Plane, at: number, reach: number): number {
  const [x, y] = [at % width, Math.floor(at / width)];
  let most = -Infinity;
  for (let down = Math.max(0, y - reach); down <= Math.min(height - 1, y + reach); down++) {
    for (let across = Math.max(0, x - reach); across <= Math.min(width - 1, x + reach); across++) {
      most = Math.max(most, values[down * width + across] ?? 0);
    }
  }
  return most;
}

describe('morphology', () => {
  it('spreads the greatest and the least value', () => {
    expect([...dilate(row(0, 0, 3, 0, 0), 1).values]).to.deep.equal([0, 3, 3, 3, 0]);
    expect([...erode(row(5, 5, 3, 5, 5), 1).values]).to.deep.equal([5, 3, 3, 3, 5]);
  });

  for (const reach of [1, 2, 5, 40]) {
    it(`agrees with its definition for a reach of ${reach}`, () => {
      const plane = noise(23, 17);
      const expected = plane.values.map((_, at) => greatestAround(plane, at, reach));
      expect(dilate(plane, reach).values).to.deep.equal(expected);
    });
  }

  it('leaves everything as it is without a reach', () => {
    expect(dilate(row(1, 2), 0).values).to.deep.equal(Float32Array.of(1, 2));
  });

  it('shows strokes that are narrower than the square, not the edge of a shadow', () => {
    const paper = [9, 9, 9, 9, 9, 4, 4, 4, 4, 4];
    const stroked = [9, 2, 9, 9, 9, 4, 4, 1, 4, 4];
    expect([...darkStrokes(row(...paper), 1).values]).to.deep.equal(paper.map(() => 0));
    expect([...darkStrokes(row(...stroked), 1).values]).to.deep.equal([0, 7, 0, 0, 0, 0, 0, 3, 0, 0]);
  });
});
