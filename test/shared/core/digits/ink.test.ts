import { expect } from 'chai';
import { findInk } from '../../../../shared/core/digits/ink.ts';
import { drawDigit } from '../../../fixtures/drawn-digits.ts';
import { photograph, type Photograph } from '../../../fixtures/photographed-digits.ts';

const SHOT: Photograph = {
  width: 160,
  height: 120,
  paper: [0.9, 0.9, 0.88],
  ink: [0.1, 0.1, 0.1],
  digits: [{ x: 80, y: 60, side: 100 }],
  degrees: 0,
  light: [1, 1, 1, 1],
  noise: 0,
  seed: 4,
};

/** Share of the pixels that are ink and were found so, and of those that are paper and were taken for ink. */
function foundIn(shot: Photograph): { ink: number; paper: number } {
  const truth = photograph(drawDigit(8), { ...SHOT, paper: [1, 1, 1], ink: [0, 0, 0] });
  const { values } = findInk(photograph(drawDigit(8), shot));
  const counts = { ink: 0, inkFound: 0, paper: 0, paperFound: 0 };
  for (const [at, value] of values.entries()) {
    const grey = truth.pixels[3 * at] ?? 0;
    if (grey < 20) {
      counts.ink += 1;
      counts.inkFound += Number(value > 0.5);
    } else if (grey > 250) {
      counts.paper += 1;
      counts.paperFound += Number(value > 0.5);
    }
  }
  return { ink: counts.inkFound / counts.ink, paper: counts.paperFound / counts.paper };
}

describe('findInk', () => {
  const shadow = { left: 0.5, x: 0.5, degrees: 0, soft: 2 };
  const shots: Readonly<Record<string, Photograph>> = {
    'dark on light': SHOT,
    'light on dark': { ...SHOT, paper: [0.1, 0.12, 0.1], ink: [0.9, 0.9, 0.9] },
    'red on green that is as light': { ...SHOT, paper: [0.3, 0.6, 0.3], ink: [0.6, 0.3, 0.3] },
    'yellow on white': { ...SHOT, paper: [0.95, 0.95, 0.95], ink: [0.95, 0.9, 0.3] },
    'light that falls off to a third': { ...SHOT, light: [0.35, 1, 1, 0.9] },
    'a shadow with a sharp edge': { ...SHOT, shadow },
    'a noisy sensor': { ...SHOT, noise: 0.06 },
  };

  for (const [name, shot] of Object.entries(shots)) {
    it(`tells strokes from paper: ${name}`, () => {
      const { ink, paper } = foundIn(shot);
      expect(ink).to.be.above(0.9);
      expect(paper).to.be.below(0.02);
    });
  }

  it('does not take the inside of a loop for ink, in a thin pen either', () => {
    const thin = drawDigit(0, { pen: 0.03 });
    const { values } = findInk(photograph(thin, SHOT));
    expect(values[60 * 160 + 80]).to.be.below(0.2);
  });

  it('measures contrast and noise', () => {
    const faint = findInk(photograph(drawDigit(8), { ...SHOT, ink: [0.7, 0.7, 0.7] }));
    const strong = findInk(photograph(drawDigit(8), SHOT));
    expect(strong.contrast).to.be.above(2 * faint.contrast);
    expect(findInk(photograph(drawDigit(8), { ...SHOT, noise: 0.05 })).noise).to.be.above(4 * strong.noise);
  });

  it('finds nothing at all in one colour', () => {
    const { contrast, values } = findInk({ width: 20, height: 10, pixels: new Uint8Array(600).fill(99) });
    expect(contrast).to.equal(0);
    expect(values.every((value) => value === 0)).to.equal(true);
  });
});
