import { expect } from 'chai';
import type { Plane } from '../../../../shared/core/digits/plane.ts';
import { findSheet } from '../../../../shared/core/digits/sheet.ts';

const SIDE = 100;

/** @param lightnessAt of a pixel, from the middle of the picture */
function plane(lightnessAt: (x: number, y: number) => number): Plane {
  const values = Float32Array.from({ length: SIDE * SIDE }, (_, at) =>
    lightnessAt((at % SIDE) - SIDE / 2 + 0.5, Math.floor(at / SIDE) - SIDE / 2 + 0.5),
  );
  return { width: SIDE, height: SIDE, values };
}
const isWithin = (x: number, y: number, half: number) => Math.max(Math.abs(x), Math.abs(y)) < half;

describe('findSheet', () => {
  it('finds a light sheet on a dark table, with what is drawn on it, and leaves out its edge', () => {
    const sheet = findSheet(plane((x, y) => (isWithin(x, y, 30) && !isWithin(x, y, 5) ? 0.9 : 0.1)));
    expect(sheet?.isLight).to.equal(true);
    expect(sheet?.pixels).to.have.length((60 - 2 * 3) ** 2);
  });

  it('finds a dark sheet on a light table, however it is turned', () => {
    const turned = plane((x, y) => (isWithin(0.8 * x + 0.6 * y, 0.8 * y - 0.6 * x, 30) ? 0.2 : 0.8));
    expect(findSheet(turned)?.isLight).to.equal(false);
  });

  for (const [what, picture] of [
    ['paper that fills the picture', plane((x, y) => (isWithin(x, y, 6) ? 0.1 : 0.9))],
    ['paper that goes out of the picture on one side', plane((x) => (x > -30 ? 0.9 : 0.1))],
    ['a page half in shadow', plane((x) => (x > 0 ? 0.9 : 0.4))],
    ['a broad 0, drawn in white', plane((x, y) => (Math.abs(Math.hypot(x, 0.7 * y) - 22) < 8 ? 0.9 : 0.1))],
    [
      'an angular 0, as displays have it',
      plane((x, y) =>
        Math.max(Math.abs(x) / 22, Math.abs(y) / 40) < 1 && Math.max(Math.abs(x) / 10, Math.abs(y) / 28) > 1
          ? 0.1
          : 0.9,
      ),
    ],
    ['a round spot', plane((x, y) => (Math.hypot(x, y) < 35 ? 0.9 : 0.1))],
    ['a sticker', plane((x, y) => (isWithin(x, y, 12) ? 0.9 : 0.1))],
    ['one lightness all over', plane(() => 0.5)],
  ] as const) {
    it(`takes ${what} for no sheet`, () => {
      expect(findSheet(picture)).to.equal(undefined);
    });
  }
});
