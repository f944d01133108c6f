import { expect } from 'chai';
import { addGradient, measure, scoresOf } from '../../../../shared/core/training/softmax-regression.ts';

const close = (received: ArrayLike<number>, expected: readonly number[]) => {
  expect(received).to.have.length(expected.length);
  expected.forEach((value, at) => expect(received[at], `[${at}]`).to.be.closeTo(value, 1e-6));
};

describe('scoresOf', () => {
  it('is the softmax of W·x + b', () => {
    const scores = new Float64Array(2);
    const parameters = { weights: Float32Array.of(1, 0, 0, 1), bias: Float32Array.of(0, Math.log(3)) };
    const logSum = scoresOf(parameters, Float32Array.of(1, 1), scores);
    close(scores, [0.25, 0.75]);
    expect(logSum).to.be.closeTo(1 + Math.log(4), 1e-6);
  });

  it('does not overflow on large logits, and reads vectors of any length', () => {
    const scores = new Float64Array(2);
    const size = 7;
    const weights = new Float32Array(2 * size).fill(500);
    weights.fill(499, size);
    scoresOf({ weights, bias: new Float32Array(2) }, new Float32Array(size).fill(1), scores);
    close(scores, [1 / (1 + Math.exp(-7)), 1 / (1 + Math.exp(7))]);
  });
});

describe('addGradient', () => {
  it('agrees with differences of the loss', () => {
    const weights = Float32Array.of(0.3, -0.2, 0.5, 0.1, 0.7, -0.4, -0.6, 0.2, 0.9);
    const parameters = { weights, bias: Float32Array.of(0.1, -0.3, 0.2) };
    const vector = Float32Array.of(0.5, -0.5, Math.SQRT1_2);
    const gradient = { weights: new Float32Array(9), bias: new Float32Array(3) };
    const scratch = { gradient, scores: new Float64Array(3) };
    const lossAt = () => {
      const nothing = { weights: new Float32Array(9), bias: new Float32Array(3) };
      return addGradient(parameters, { vector, truth: 1 }, { ...scratch, gradient: nothing });
    };
    addGradient(parameters, { vector, truth: 1 }, scratch);
    const step = 1e-2;
    for (const [values, slopes] of [
      [parameters.weights, gradient.weights],
      [parameters.bias, gradient.bias],
    ] as const) {
      for (const at of values.keys()) {
        const value = values[at] ?? 0;
        values[at] = value + step;
        const above = lossAt();
        values[at] = value - step;
        const below = lossAt();
        values[at] = value;
        expect(slopes[at], `[${at}]`).to.be.closeTo((above - below) / (2 * step), 1e-4);
      }
    }
  });

  it('adds to what is there, and says the loss', () => {
    const parameters = { weights: new Float32Array(2), bias: new Float32Array(2) };
    const scratch = {
      gradient: { weights: Float32Array.of(10, 10), bias: new Float32Array(2) },
      scores: new Float64Array(2),
    };
    const loss = addGradient(parameters, { vector: Float32Array.of(1), truth: 0 }, scratch);
    expect(loss).to.be.closeTo(Math.log(2), 1e-9);
    close(scratch.gradient.weights, [9.5, 10.5]);
    close(scratch.gradient.bias, [-0.5, 0.5]);
  });
});

describe('measure', () => {
  it('is the mean loss and the share that is right', () => {
    const parameters = { weights: Float32Array.of(0, 0), bias: Float32Array.of(Math.log(3), 0) };
    const figures = measure(parameters, {
      vectors: Float32Array.of(1, 1, 1, 1),
      classes: Int32Array.of(0, 0, 0, 1),
    });
    expect(figures.accuracy).to.equal(0.75);
    expect(figures.loss).to.be.closeTo(-(3 * Math.log(0.75) + Math.log(0.25)) / 4, 1e-6);
  });
});
