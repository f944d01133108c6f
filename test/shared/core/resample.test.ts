import { expect } from 'chai';
import fc from 'fast-check';
import { planAxis, resampleRgb } from '../../../shared/core/resample.ts';

const ONE = 2 ** 22;

describe('planAxis', () => {
  it('gives the worked example: bilinear 2 → 4', () => {
    const { taps } = planAxis({ source: 2, output: 4 }, { start: 0, length: 4 }, 'bilinear');
    expect(taps.map(({ first, weights }) => [first, ...weights])).to.deep.equal([
      [0, ONE],
      [0, 0.75 * ONE, 0.25 * ONE],
      [0, 0.25 * ONE, 0.75 * ONE],
      [1, ONE],
    ]);
  });

  it('names the source pixels that a window needs, and no more', () => {
    const { from, to, taps } = planAxis(
      { source: 1000, output: 4000 },
      { start: 2000, length: 4 },
      'bicubic',
    );
    expect(taps).to.have.lengthOf(4);
    expect([from, to]).to.deep.equal([498, 503]);
  });

  it('has weights that sum to one, inside the source, for every filter', () => {
    const length = fc.integer({ min: 1, max: 400 });
    const filter = fc.constantFrom('bilinear' as const, 'bicubic' as const, 'lanczos' as const);
    fc.assert(
      fc.property(length, length, filter, (source, output, resample) => {
        const plan = planAxis({ source, output }, { start: 0, length: output }, resample);
        expect(plan.from).to.be.at.least(0);
        expect(plan.to).to.be.at.most(source);
        for (const { weights } of plan.taps) {
          const sum = weights.reduce((total, weight) => total + weight, 0);
          expect(Math.abs(sum - ONE)).to.be.at.most(weights.length);
        }
      }),
    );
  });
});

describe('resampleRgb', () => {
  const resize = (rgb: Uint8Array, from: [number, number], to: [number, number]) =>
    resampleRgb(
      rgb,
      planAxis({ source: from[0], output: to[0] }, { start: 0, length: to[0] }, 'bicubic'),
      planAxis({ source: from[1], output: to[1] }, { start: 0, length: to[1] }, 'bicubic'),
    );

  it('leaves a picture alone that keeps its size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 18, maxLength: 18 }), (rgb) => {
        expect([...resize(rgb, [3, 2], [3, 2])]).to.deep.equal([...rgb]);
      }),
    );
  });

  it('leaves an even colour even, whatever the size', () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(fc.tuple(side, side), fc.tuple(side, side), ([width, height], [newWidth, newHeight]) => {
        const rgb = new Uint8Array(width * height * 3).map((_, at) => [200, 0, 255][at % 3] ?? 0);
        const resized = resize(rgb, [width, height], [newWidth, newHeight]);
        expect(resized).to.have.lengthOf(newWidth * newHeight * 3);
        expect(resized.every((value, at) => value === [200, 0, 255][at % 3])).to.equal(true);
      }),
      { numRuns: 40 },
    );
  });

  it('gives what Pillow gives: 4 × 1 to 8 × 1, red alone', () => {
    const rgb = Uint8Array.of(0, 9, 9, 255, 9, 9, 0, 9, 9, 100, 9, 9);
    const red = resize(rgb, [4, 1], [8, 1]).filter((_, at) => at % 3 === 0);
    expect([...red]).to.deep.equal(PILLOW_RED);
  });

  it('mirrors a mirrored picture', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 15, maxLength: 15 }), (row) => {
        const there = resize(row, [5, 1], [16, 1]);
        const back = mirror(resize(mirror(row), [5, 1], [16, 1]));
        there.forEach((value, at) => expect(Math.abs(value - (back[at] ?? NaN))).to.be.at.most(1));
      }),
    );
  });
});

/** Pillow 13.0.0: Image.frombytes('RGB', (4, 1), …).resize((8, 1), Image.BICUBIC), first channel. */
const PILLOW_RED = [0, 54, 216, 219, 51, 5, 75, 109];

function mirror(rgb: Uint8Array): Uint8Array {
  const pixels = Array.from({ length: rgb.length / 3 }, (_, at) => [...rgb.subarray(at * 3, at * 3 + 3)]);
  return Uint8Array.from(pixels.reverse().flat());
}
