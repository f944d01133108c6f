import { expect } from 'chai';
import { layOnPaper } from '../../../../shared/core/digits/paper.ts';
import { FRAME_SIDE, readDigit } from '../../../../shared/core/digits/read-digit.ts';
import { drawDigit } from '../../../fixtures/drawn-digits.ts';
import { photograph, type Photograph } from '../../../fixtures/photographed-digits.ts';

const SHOT: Photograph = {
  width: 160,
  height: 130,
  paper: [0.9, 0.9, 0.9],
  ink: [0.1, 0.1, 0.1],
  digits: [{ x: 50, y: 80, side: 80 }],
  degrees: 0,
  light: [1, 1, 1, 1],
  noise: 0.01,
  seed: 2,
};

function frameOf(digit: number, shot: Photograph, pen?: number): Float32Array {
  const { frame } = readDigit(photograph(drawDigit(digit, pen === undefined ? {} : { pen }), shot));
  if (frame === undefined) throw new Error('Expected a digit.');
  return frame;
}

function extent(frame: Float32Array): { width: number; height: number } {
  const inked = [...frame.keys()].filter((at) => (frame[at] ?? 0) > 0.3);
  const columns = inked.map((at) => at % FRAME_SIDE);
  const rows = inked.map((at) => Math.floor(at / FRAME_SIDE));
  return {
    width: Math.max(...columns) - Math.min(...columns) + 1,
    height: Math.max(...rows) - Math.min(...rows) + 1,
  };
}

function centre(frame: Float32Array): { x: number; y: number } {
  const mass = frame.reduce((sum, value) => sum + value, 0);
  const mean = (of: (at: number) => number) =>
    frame.reduce((sum, value, at) => sum + value * of(at), 0) / mass;
  return { x: mean((at) => (at % FRAME_SIDE) + 0.5), y: mean((at) => Math.floor(at / FRAME_SIDE) + 0.5) };
}

describe('readDigit', () => {
  for (const digit of [0, 1, 4, 7]) {
    it(`frames a ${digit} as MNIST has its digits: 20 pixels long, its centre of mass in the middle`, () => {
      const frame = frameOf(digit, SHOT);
      expect(frame).to.have.length(FRAME_SIDE ** 2);
      const { width, height } = extent(frame);
      expect(Math.max(width, height)).to.be.within(18, 22);
      expect(centre(frame).x).to.be.closeTo(FRAME_SIDE / 2, 0.3);
      expect(centre(frame).y).to.be.closeTo(FRAME_SIDE / 2, 0.3);
    });
  }

  it('frames it alike wherever it is, and whatever its colours', () => {
    const here = frameOf(3, SHOT);
    const moved = {
      ...SHOT,
      digits: [{ x: 104, y: 50, side: 88 }],
      paper: [0.1, 0.1, 0.3],
      ink: [0.9, 0.9, 0.5],
    } as const;
    const there = frameOf(3, moved);
    const difference =
      here.reduce((sum, value, at) => sum + Math.abs(value - (there[at] ?? 0)), 0) / here.length;
    expect(difference).to.be.below(0.04);
  });

  it('gives a thin pen the width of a pencil', () => {
    const inkOf = (frame: Float32Array) => frame.reduce((sum, value) => sum + value, 0);
    const thin = inkOf(frameOf(7, SHOT, 0.03));
    expect(thin / inkOf(frameOf(7, SHOT, 0.09))).to.be.within(0.6, 1.2);
  });

  it('leaves what else is on the page out of the frame', () => {
    const digits = [
      { x: 40, y: 90, side: 60 },
      { x: 110, y: 65, side: 110 },
    ];
    const { frame, found } = readDigit(photograph(drawDigit(2), { ...SHOT, digits }));
    expect(found).to.equal(2);
    expect(Math.max(...Object.values(extent(frame ?? new Float32Array())))).to.be.within(18, 22);
  });

  it('finds nothing on blank paper, nor in a picture of one pixel', () => {
    expect(readDigit(photograph(drawDigit(2), { ...SHOT, ink: SHOT.paper }))).to.deep.equal({
      frame: undefined,
      found: 0,
    });
    expect(readDigit({ width: 1, height: 1, pixels: Uint8Array.of(1, 2, 3) }).found).to.equal(0);
    expect(readDigit({ width: 160, height: 1, pixels: new Uint8Array(480) }).found).to.equal(0);
  });
});

describe('layOnPaper', () => {
  it('puts dark ink on white and light ink on black', () => {
    expect([...layOnPaper(Uint8Array.of(0, 0, 0, 9, 9, 9), Uint8Array.of(255, 0))]).to.deep.equal([
      0, 0, 0, 255, 255, 255,
    ]);
    expect([...layOnPaper(Uint8Array.of(255, 255, 255, 9, 9, 9), Uint8Array.of(255, 0))]).to.deep.equal([
      255, 255, 255, 0, 0, 0,
    ]);
  });

  it('mixes where ink is half there, and changes nothing that is opaque', () => {
    expect([...layOnPaper(Uint8Array.of(0, 0, 0), Uint8Array.of(51))]).to.deep.equal([204, 204, 204]);
    expect([...layOnPaper(Uint8Array.of(7, 8, 9), Uint8Array.of(255))]).to.deep.equal([7, 8, 9]);
  });
});
