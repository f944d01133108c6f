import { expect } from 'chai';
import { findDigits } from '../../../../shared/core/digits/find-digits.ts';
import type { InkMap } from '../../../../shared/core/digits/ink.ts';
import type { Box } from '../../../../shared/core/digits/plane.ts';

const SIDE = 100;

/** Boxes full of ink. */
function ink(
  boxes: readonly (readonly [left: number, top: number, width: number, height: number])[],
  more = {},
): InkMap {
  const values = new Float32Array(SIDE * SIDE);
  for (const [left, top, width, height] of boxes) {
    for (let y = top; y < top + height; y++) values.fill(1, y * SIDE + left, y * SIDE + left + width);
  }
  return { width: SIDE, height: SIDE, values, contrast: 0.6, noise: 0.01, isOnSheet: false, ...more };
}

const found = (map: InkMap): { count: number; box: Box | undefined } => {
  const { count, largest } = findDigits(map);
  return { count, box: largest?.box };
};

describe('findDigits', () => {
  it('finds one stroke', () => {
    const box = { left: 40, top: 20, right: 46, bottom: 60 };
    expect(found(ink([[40, 20, 6, 40]]))).to.deep.equal({ count: 1, box });
  });

  it('counts what stands beside the largest and is about as high', () => {
    const map = ink([
      [20, 20, 6, 40],
      [50, 18, 9, 44],
    ]);
    expect(found(map)).to.deep.equal({ count: 2, box: { left: 50, top: 18, right: 59, bottom: 62 } });
  });

  it('counts two lines of writing', () => {
    const map = ink([
      [40, 8, 6, 30],
      [40, 60, 6, 30],
    ]);
    expect(found(map).count).to.equal(2);
  });

  it('takes the bar of a 5 with it', () => {
    const map = ink([
      [40, 26, 20, 40],
      [44, 18, 20, 4],
    ]);
    expect(found(map)).to.deep.equal({ count: 1, box: { left: 40, top: 18, right: 64, bottom: 66 } });
  });

  it('passes over specks, and does not count a full stop', () => {
    const map = ink([
      [40, 20, 12, 50],
      [80, 80, 2, 2],
      [70, 64, 6, 6],
    ]);
    expect(found(map)).to.deep.equal({ count: 1, box: { left: 40, top: 20, right: 52, bottom: 70 } });
  });

  it('passes over the edge of a table, but not over a digit that was cut out closely', () => {
    const table = [0, 88, 100, 12] as const;
    expect(found(ink([table])).count).to.equal(0);
    expect(found(ink([[40, 20, 6, 40], table]))).to.deep.include({ count: 1 });
    expect(found(ink([[47, 0, 6, 100]])).count).to.equal(1);
  });

  it('takes nothing for a cut digit that touches the border beyond a sheet, however little else there is', () => {
    const cut = [[47, 0, 6, 100]] as const;
    expect(found(ink(cut, { isOnSheet: true })).count).to.equal(0);
    const speck = [...cut, [20, 40, 5, 10] as const];
    expect(found(ink(speck)).box).to.include({ left: 47 });
    expect(found(ink(speck, { isOnSheet: true })).box).to.include({ left: 20 });
  });

  it('finds nothing where the strongest mark is faint, or no stronger than the grain', () => {
    expect(found(ink([[40, 20, 6, 40]], { contrast: 0.05 })).count).to.equal(0);
    expect(found(ink([[40, 20, 6, 40]], { contrast: 0.2, noise: 0.08 })).count).to.equal(0);
    expect(found(ink([])).count).to.equal(0);
  });
});
