import { expect } from 'chai';
import type { LinearHead } from '../../../../shared/core/head.ts';
import { headVersion } from '../../../../shared/core/head-version.ts';
import { classify, project } from '../../../../shared/core/scoring.ts';
import {
  labelsToTrain,
  quantile,
  startParameters,
  trainedHead,
} from '../../../../shared/core/training/trained-head.ts';

const zeroShot: LinearHead = {
  id: 'cat-dog',
  title: 'Cat or dog',
  kind: 'zero-shot',
  version: `sha256:${'0'.repeat(64)}`,
  bundleRevision: `sha256:${'1'.repeat(64)}`,
  labels: ['dog', 'cat'],
  weights: Float32Array.of(1, 0, 0, 1),
  bias: new Float32Array(2),
  scale: 20,
  temperature: 2,
};

describe('labelsToTrain', () => {
  it('keeps the order of the head and adds what is new by the alphabet', () => {
    expect(labelsToTrain(['rabbit', 'cat', 'mouse', 'cat'], zeroShot)).to.deep.equal([
      'dog',
      'cat',
      'mouse',
      'rabbit',
    ]);
    expect(labelsToTrain(['b', 'a', 'b'])).to.deep.equal(['a', 'b']);
  });
});

describe('startParameters', () => {
  it('answers like the head it starts from', async () => {
    const parameters = startParameters(zeroShot.labels, 2, zeroShot);
    const options = { ...zeroShot, validation: [Float32Array.of(1, 0)] };
    const head = await trainedHead(parameters, options);
    for (const embedding of [Float32Array.of(0.6, 0.8), Float32Array.of(1, 0)]) {
      const scores = (of: LinearHead) => classify(of, embedding, 2).predictions.map(({ score }) => score);
      scores(zeroShot).forEach((score, at) => expect(scores(head)[at]).to.be.closeTo(score, 1e-5));
    }
  });

  it('gives new labels zeros', () => {
    const { weights, bias } = startParameters(['dog', 'cat', 'rabbit'], 2, zeroShot);
    expect(Array.from(weights)).to.deep.equal([10, 0, 0, 10, 0, 0]);
    expect(Array.from(bias)).to.deep.equal([0, 0, 0]);
    expect(startParameters(['a'], 3).weights).to.have.length(3);
  });
});

describe('trainedHead', () => {
  const parameters = { weights: Float32Array.of(4, 0, 0, 4), bias: Float32Array.of(0, 1) };
  const validation = [Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(0.6, 0.8)];

  it('is a linear head whose version is that of its content', async () => {
    const head = await trainedHead(parameters, { ...zeroShot, validation });
    expect(head).to.include({ id: 'cat-dog', kind: 'linear', scale: 1, temperature: 1 });
    expect(head.version).to.equal(await headVersion(head));
    expect(project(head, Float32Array.of(0, 1))[1]).to.equal(5);
  });

  it('finds the pictures of its labels fit, and what lies far off not', async () => {
    const head = await trainedHead(parameters, { ...zeroShot, validation });
    for (const embedding of validation) expect(classify(head, embedding, 1).confident).to.equal(true);
    expect(classify(head, Float32Array.of(-0.6, -0.8), 1).confident).to.equal(false);
  });
});

describe('quantile', () => {
  it('has the share of the values below it', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).to.equal(3);
    expect(quantile([4, 1, 3, 2], 0.05)).to.equal(1);
    expect(quantile([7], 1)).to.equal(7);
    expect(() => quantile([], 0.5)).to.throw(RangeError);
  });
});
