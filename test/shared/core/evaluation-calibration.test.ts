import { expect } from 'chai';
import fc from 'fast-check';
import {
  BIN_COUNT,
  calibrate,
  calibrationError,
  confidenceOf,
  fitTemperature,
  lossOf,
  reliabilityBins,
  type Judged,
} from '../../../shared/core/evaluation-calibration.ts';

const judged = (truth: number, ...logits: number[]): Judged => ({ truth, logits: Float32Array.from(logits) });

describe('reliabilityBins', () => {
  it('means confidence and accuracy in ten bins', () => {
    const bins = reliabilityBins([
      { confidence: 0.95, isRight: true },
      { confidence: 0.91, isRight: false },
      { confidence: 0.32, isRight: true },
    ]);
    expect(bins).to.have.length(BIN_COUNT);
    expect(bins[9]).to.deep.include({ from: 0.9, to: 1, count: 2, accuracy: 0.5 });
    expect(bins[9]?.confidence).to.be.closeTo(0.93, 1e-12);
    expect(bins[3]).to.deep.include({ count: 1, accuracy: 1 });
    expect(bins[0]).to.deep.include({ count: 0, confidence: 0, accuracy: 0 });
    expect(calibrationError(bins)).to.be.closeTo((2 * 0.43 + 0.68) / 3, 1e-12);
  });

  it('puts an edge into the bin below, and 0 and 1 into the first and last', () => {
    const points = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((confidence) => ({
      confidence,
      isRight: true,
    }));
    expect(reliabilityBins(points).map(({ count }) => count)).to.deep.equal([2, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('has no error where accuracy is confidence, or nothing was answered', () => {
    const points = [true, true, true, false].map((isRight) => ({ confidence: 0.75, isRight }));
    expect(calibrationError(reliabilityBins(points))).to.equal(0);
    expect(calibrationError(reliabilityBins([]))).to.equal(0);
  });
});

describe('confidenceOf and lossOf', () => {
  it('are the softmax of the best and of the true label', () => {
    const one = judged(1, 0, Math.log(3));
    expect(confidenceOf(one).confidence).to.be.closeTo(0.75, 1e-6);
    expect(confidenceOf(one).isRight).to.equal(true);
    expect(lossOf(one)).to.be.closeTo(Math.log(4 / 3), 1e-6);
    expect(confidenceOf(judged(0, 0, Math.log(9)), 2).confidence).to.be.closeTo(0.75, 1e-6);
  });

  it('stay finite for logits that exp cannot hold', () => {
    expect(lossOf(judged(0, -5000, 5000))).to.be.closeTo(10_000, 1);
    expect(confidenceOf(judged(0, 5000, -5000)).confidence).to.equal(1);
  });
});

describe('fitTemperature', () => {
  it('finds what makes three in four right at a score of 3/4', () => {
    const four = [1, 1, 1, 0].map((truth) => judged(truth, 0, 2 * Math.log(3)));
    expect(fitTemperature(four)).to.be.closeTo(2, 1e-4);
  });

  it('is 1 for nothing, and stays within its bounds for answers that are all right or all wrong', () => {
    expect(fitTemperature([])).to.equal(1);
    expect(fitTemperature([judged(0, 1, 0)])).to.be.closeTo(1 / 20, 1e-4);
    expect(fitTemperature([judged(1, 1, 0)])).to.be.closeTo(20, 1e-2);
  });

  it('never makes the loss worse', () => {
    const one = fc.tuple(
      fc.nat(2),
      fc.array(fc.float({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 20 }), (pictures) => {
        const all = pictures.map(([truth, logits]) => judged(truth, ...logits));
        const factor = fitTemperature(all);
        const loss = (f: number) => all.reduce((sum, picture) => sum + lossOf(picture, f), 0);
        expect(loss(factor)).to.be.at.most(loss(1) + 1e-4);
      }),
      { numRuns: 100 },
    );
  });
});

describe('calibrate', () => {
  it('fits on one half and measures on the other', () => {
    const half = [1, 1, 1, 0].map((truth) => judged(truth, 0, 2 * Math.log(3)));
    const { n, temperature, ece, eceBefore, bins } = calibrate({ fit: half, measure: half.slice(0, 4) }, 3);
    expect(n).to.equal(4);
    expect(temperature).to.be.closeTo(6, 1e-3);
    expect(eceBefore).to.be.closeTo(0.15, 1e-6);
    expect(ece).to.be.closeTo(0, 1e-4);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).to.equal(4);
  });
});
