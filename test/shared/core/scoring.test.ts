import { expect } from 'chai';
import fc from 'fast-check';
import type { LinearHead } from '../../../shared/core/head.ts';
import {
  classify,
  cosine,
  fitOf,
  l2Normalise,
  logitsOf,
  logSumExp,
  project,
  softmax,
} from '../../../shared/core/scoring.ts';
import { sampleHead } from './sample-head.ts';

const finite = fc.double({ min: -1000, max: 1000, noNaN: true });
const vector = fc.float32Array({ minLength: 3, maxLength: 3, min: -100, max: 100, noNaN: true });

describe('l2Normalise', () => {
  it('brings a vector to length one and leaves a zero vector alone', () => {
    expect([...l2Normalise(Float32Array.of(3, 4))]).to.deep.equal([...Float32Array.of(0.6, 0.8)]);
    expect([...l2Normalise(Float32Array.of(0, 0))]).to.deep.equal([0, 0]);
  });

  it('does not touch what it is given', () => {
    const given = Float32Array.of(3, 4);
    l2Normalise(given);
    expect([...given]).to.deep.equal([3, 4]);
  });
});

describe('cosine', () => {
  it('is 1 along, 0 across and −1 against', () => {
    const x = Float32Array.of(2, 0);
    expect(cosine(x, Float32Array.of(5, 0))).to.equal(1);
    expect(cosine(x, Float32Array.of(0, 5))).to.equal(0);
    expect(cosine(x, Float32Array.of(-5, 0))).to.equal(-1);
    expect(cosine(x, Float32Array.of(0, 0))).to.equal(0);
  });

  it('never leaves −1…1', () => {
    fc.assert(fc.property(vector, vector, (a, b) => Math.abs(cosine(a, b)) <= 1));
  });

  it('refuses vectors of two lengths', () => {
    expect(() => cosine(Float32Array.of(1), Float32Array.of(1, 2))).to.throw(RangeError);
  });
});

describe('softmax', () => {
  it('gives the worked example', () => {
    const [a, b] = softmax([0, Math.log(3)]);
    expect(a).to.be.closeTo(0.25, 1e-12);
    expect(b).to.be.closeTo(0.75, 1e-12);
  });

  it('does not overflow, nor lose the greatest', () => {
    expect(softmax([10_000, 9_000])).to.deep.equal([1, 0]);
    expect(softmax([-10_000, -10_000])).to.deep.equal([0.5, 0.5]);
    expect(softmax([])).to.deep.equal([]);
  });

  it('sums to one, keeps the order, and ignores what is added to all', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 20 }), finite, (logits, shift) => {
        const scores = softmax(logits);
        expect(scores.reduce((sum, score) => sum + score, 0)).to.be.closeTo(1, 1e-9);
        const moved = softmax(logits.map((logit) => logit + shift));
        scores.forEach((score, index) => expect(moved[index]).to.be.closeTo(score, 1e-9));
        expect(scores[logits.indexOf(Math.max(...logits))]).to.equal(Math.max(...scores));
      }),
    );
  });
});

describe('logSumExp', () => {
  it('gives the worked example and does not overflow', () => {
    expect(logSumExp([0, 0])).to.be.closeTo(Math.LN2, 1e-12);
    expect(logSumExp([10_000, 10_000])).to.be.closeTo(10_000 + Math.LN2, 1e-9);
  });
});

describe('classify', () => {
  it('gives the worked example: scores by scale, similarity beside them', async () => {
    const { predictions, confident } = classify(await sampleHead(), Float32Array.of(0.3, 0.28), 5);
    expect(predictions.map(({ label }) => label)).to.deep.equal(['cat', 'dog']);
    expect(predictions[0]?.score).to.be.closeTo(1 / (1 + Math.exp(-2)), 1e-4);
    expect(predictions[1]?.score).to.be.closeTo(1 - 1 / (1 + Math.exp(-2)), 1e-4);
    expect(predictions[0]?.similarity).to.be.closeTo(0.3, 1e-6);
    expect(confident).to.equal(true);
  });

  it('cuts to the top without changing the scores', async () => {
    const head = await sampleHead();
    const embedding = Float32Array.of(0.1, 0.11);
    const [best] = classify(head, embedding, 2).predictions;
    expect(classify(head, embedding, 1).predictions).to.deep.equal([best]);
    expect(best?.label).to.equal('dog');
  });

  it('keeps the order of the head where two labels tie', async () => {
    const { predictions } = classify(await sampleHead(), Float32Array.of(0.5, 0.5), 2);
    expect(predictions.map(({ label }) => label)).to.deep.equal(['cat', 'dog']);
  });

  it('divides by the temperature', async () => {
    const head = await sampleHead({ scale: 4, temperature: 2 });
    const { predictions } = classify(head, Float32Array.of(1, 0), 1);
    expect(predictions[0]?.score).to.be.closeTo(1 / (1 + Math.exp(-2)), 1e-9);
  });

  it('gives a linear head its bias, and no similarity', async () => {
    const head = await sampleHead({ kind: 'linear', scale: 1, bias: Float32Array.of(0, 2) });
    const { predictions } = classify(head, Float32Array.of(1, 0), 2);
    expect(predictions.map(({ label }) => label)).to.deep.equal(['dog', 'cat']);
    expect(predictions[0]).to.not.have.property('similarity');
  });

  it('gives a linear head its similarities where it has cosines, and is confident by them', async () => {
    const cosines = { kind: 'linear', weights: Float32Array.of(0.6, 0.8, 0, 1), hasCosines: true } as const;
    const head = await sampleHead({ ...cosines, bias: new Float32Array(2), scale: 10, noneThreshold: 0.7 });
    expect(fit(head, Float32Array.of(0, 1))).to.equal(1);
    expect(classify(head, Float32Array.of(0, 1), 1).predictions[0]?.similarity).to.equal(1);
    expect(classify(head, Float32Array.of(0, 1), 1).confident).to.equal(true);
    expect(classify(head, Float32Array.of(1, 0), 1).confident).to.equal(false);
  });

  it('is not confident below the threshold: on the best cosine for a zero-shot head', async () => {
    const head = await sampleHead({ noneThreshold: 0.28 });
    expect(classify(head, Float32Array.of(0.21, 0.27), 1).confident).to.equal(false);
    expect(classify(head, Float32Array.of(0.21, 0.29), 1).confident).to.equal(true);
  });

  it('is not confident below the threshold: on the energy for a linear head', async () => {
    const head = await sampleHead({ kind: 'linear', scale: 1, noneThreshold: 2.5 });
    expect(fit(head, Float32Array.of(2, 2))).to.be.closeTo(2 + Math.LN2, 1e-6);
    expect(classify(head, Float32Array.of(2, 2), 1).confident).to.equal(true);
    expect(classify(head, Float32Array.of(1, 1), 1).confident).to.equal(false);
  });

  it('is not confident where no label stands out from the others', async () => {
    const labels = ['a', 'b', 'c', 'd'];
    const alike = { labels, weights: new Float32Array(8).fill(1), bias: new Float32Array(4) };
    const head = await sampleHead({ ...alike, noneThreshold: 0.1 });
    expect(classify(head, Float32Array.of(1, 1), 1)).to.deep.include({ confident: false });
    const unmeasured = await sampleHead(alike);
    expect(classify(unmeasured, Float32Array.of(1, 1), 1).confident).to.equal(true);
  });

  it('refuses an embedding of another size', async () => {
    const head = await sampleHead();
    expect(() => classify(head, Float32Array.of(1, 2, 3), 1)).to.throw(RangeError, 'Expected 2 values');
  });
});

describe('project and logitsOf', () => {
  it('are W·x + b, and that by scale and temperature', async () => {
    const head = await sampleHead({ bias: Float32Array.of(0, 1), scale: 10, temperature: 2 });
    const projection = project(head, Float32Array.of(3, 4));
    expect([...projection]).to.deep.equal([3, 5]);
    expect([...logitsOf(head, projection)]).to.deep.equal([15, 25]);
  });
});

function fit(head: LinearHead, embedding: Float32Array): number {
  return fitOf(head, project(head, embedding));
}
