import { expect } from 'chai';
import { Adam } from '../../../../shared/core/training/adam.ts';
import { fit, type Epoch } from '../../../../shared/core/training/fit.ts';
import { measure, type Parameters } from '../../../../shared/core/training/softmax-regression.ts';
import { clouds } from '../../../fixtures/clouds.ts';

const SHAPE = { classes: 4, size: 32, spread: 2 };
const train = clouds({ ...SHAPE, each: 40, seed: 2 });
const validation = clouds({ ...SHAPE, each: 15, seed: 3 });
const unseen = clouds({ ...SHAPE, each: 100, seed: 4 });
const zeros = (): Parameters => ({ weights: new Float32Array(4 * 32), bias: new Float32Array(4) });

function best(epochs: readonly Epoch[]): Parameters {
  const found = epochs.findLast((epoch) => epoch.best !== undefined)?.best;
  if (found === undefined) throw new Error('no epoch was the best');
  return found;
}

describe('fit', () => {
  const epochs = [...fit({ train, validation, start: zeros(), seed: 1 })];

  it('learns classes that overlap, as unseen vectors show', () => {
    expect(measure(zeros(), unseen).accuracy).to.be.lessThan(0.3);
    expect(measure(best(epochs), unseen).accuracy).to.be.greaterThan(0.85);
  });

  it('numbers its epochs and tells the losses of each', () => {
    expect(epochs.map(({ epoch }) => epoch)).to.deep.equal(epochs.map((_, at) => at + 1));
    for (const epoch of epochs) {
      expect(epoch.trainLoss).to.be.within(0, 5);
      expect(epoch.validationAccuracy).to.be.within(0, 1);
    }
    expect(epochs.at(-1)?.trainLoss).to.be.lessThan(epochs[0]?.trainLoss ?? 0);
  });

  it('keeps the weights of the least validation loss, and copies of them', () => {
    const losses = epochs.map(({ validationLoss }) => validationLoss);
    expect(measure(best(epochs), validation).loss).to.be.closeTo(
      Math.min(...losses),
      0.005 * Math.min(...losses),
    );
  });

  it('lowers the learning rate while nothing gets better, and ends early', () => {
    const rates = epochs.map(({ learningRate }) => learningRate);
    expect(rates.at(-1)).to.be.lessThan(rates[0] ?? 0);
    expect([...rates].sort((a, b) => b - a)).to.deep.equal(rates);
    expect(epochs.length).to.be.lessThan(100);
    expect(epochs.slice(-6).every((epoch) => epoch.best === undefined)).to.equal(true);
    expect(epochs.at(-7)?.best).to.not.equal(undefined);
  });

  it('is decided by the seed', () => {
    const losses = (seed: number) =>
      [...fit({ train, validation, start: zeros(), seed })].map(({ validationLoss }) => validationLoss);
    expect(losses(1)).to.deep.equal(epochs.map(({ validationLoss }) => validationLoss));
    expect(losses(2)).to.not.deep.equal(losses(1));
  });

  it('goes on from weights that are good already, and does not touch them', () => {
    const start = best(epochs);
    const kept = start.weights.slice();
    const again = [...fit({ train, validation, start, seed: 1 })];
    expect(again[0]?.trainLoss).to.be.lessThan(epochs[0]?.trainLoss ?? 0);
    expect(start.weights).to.deep.equal(kept);
  });

  it('stays finite where every label is a lie', () => {
    const lies = { ...train, classes: train.classes.map((label) => (label * 7 + 3) % 4) };
    for (const { trainLoss, validationLoss } of fit({ train: lies, validation, start: zeros(), seed: 0 })) {
      expect(Number.isFinite(trainLoss) && Number.isFinite(validationLoss)).to.equal(true);
    }
  });
});

describe('Adam', () => {
  it('takes a first step of the learning rate, against the slope', () => {
    const values = Float32Array.of(1, 1, 1);
    const gradient = Float32Array.of(3, -0.01, 0);
    new Adam(3).step(values, gradient, 0.1);
    [0.9, 1.1, 1].forEach((value, at) => expect(values[at]).to.be.closeTo(value, 1e-5));
    expect(Array.from(gradient)).to.deep.equal([0, 0, 0]);
  });

  it('finds the bottom of a parabola', () => {
    const values = Float32Array.of(5);
    const adam = new Adam(1);
    for (let step = 0; step < 500; step++)
      adam.step(values, Float32Array.of(2 * ((values[0] ?? 0) - 2)), 0.05);
    expect(values[0]).to.be.closeTo(2, 0.01);
  });
});
