import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { Evaluation } from '../../../shared/core/evaluation.ts';
import {
  calibrationError,
  confidenceOf,
  fitTemperature,
  reliabilityBins,
} from '../../../shared/core/evaluation-calibration.ts';
import type { LinearHead } from '../../../shared/core/head.ts';

interface Golden {
  truth: number[];
  logits: number[][];
  top1: number;
  top1Interval: [number, number];
  top5: number;
  loss: number;
  precision: number[];
  recall: number[];
  f1: number[];
  support: number[];
  macro: [number, number, number];
  confusion: number[][];
  ece: number;
  temperature: number;
}

/** scikit-learn 1.9.1, scipy 1.17.1, statsmodels 0.15.0; evaluation_golden.py made it. */
const golden = JSON.parse(
  readFileSync(new URL('./evaluation.golden.json', import.meta.url), 'utf8'),
) as Golden;

/** A head whose logits are the embedding itself. */
function identityHead(size: number, temperature = 1): LinearHead {
  const weights = new Float32Array(size * size);
  for (let at = 0; at < size; at++) weights[at * size + at] = 1;
  return {
    id: 'identity',
    title: 'Identity',
    kind: 'linear',
    version: 'sha256:0',
    bundleRevision: 'sha256:0',
    labels: Array.from({ length: size }, (_, at) => `label ${at}`),
    weights,
    bias: new Float32Array(size),
    scale: 1,
    temperature,
  };
}

/** Hashes that fall into the two halves in turn. */
const hashOf = (at: number) => at.toString(16).padStart(8, '0').padEnd(64, 'f');

function evaluate(truth: readonly number[], logits: readonly (readonly number[])[], temperature = 1) {
  const evaluation = new Evaluation(identityHead(logits[0]?.length ?? 0, temperature));
  for (const [at, row] of logits.entries()) {
    evaluation.add({ truth: truth[at] ?? -1, embedding: Float32Array.from(row), sha256: hashOf(at) });
  }
  return evaluation.figures();
}

describe('Evaluation', () => {
  describe('beside scikit-learn', () => {
    const figures = evaluate(golden.truth, golden.logits);

    it('counts top-1 and top-5, and the interval as statsmodels does', () => {
      expect(figures.top1.value).to.be.closeTo(golden.top1, 1e-12);
      expect(figures.top5.value).to.be.closeTo(golden.top5, 1e-12);
      expect(figures.top1.interval[0]).to.be.closeTo(golden.top1Interval[0], 1e-9);
      expect(figures.top1.interval[1]).to.be.closeTo(golden.top1Interval[1], 1e-9);
    });

    it('has the same log loss', () => expect(figures.loss).to.be.closeTo(golden.loss, 1e-6));

    it('has the same precision, recall, F1 and support for each label, also one that never occurs', () => {
      for (const [at, row] of figures.classes.entries()) {
        expect(row.precision).to.be.closeTo(golden.precision[at] ?? NaN, 1e-12);
        expect(row.recall).to.be.closeTo(golden.recall[at] ?? NaN, 1e-12);
        expect(row.f1).to.be.closeTo(golden.f1[at] ?? NaN, 1e-12);
        expect(row.support).to.equal(golden.support[at]);
      }
      const { precision, recall, f1 } = figures.macro;
      expect(
        [precision, recall, f1].every((v, at) => Math.abs(v - (golden.macro[at] ?? NaN)) < 1e-12),
      ).to.equal(true);
    });

    it('has the same confusion matrix', () => {
      const cells = golden.confusion.flatMap((row, t) => row.flatMap((n, p) => (n > 0 ? [[t, p, n]] : [])));
      expect(figures.confusion.cells).to.deep.equal(cells);
    });

    it('has the same calibration error and fitted temperature', () => {
      const judged = golden.logits.map((row, at) => ({
        truth: golden.truth[at] ?? -1,
        logits: Float32Array.from(row),
      }));
      const bins = reliabilityBins(judged.map((one) => confidenceOf(one)));
      expect(calibrationError(bins)).to.be.closeTo(golden.ece, 1e-6);
      expect(fitTemperature(judged)).to.be.closeTo(golden.temperature, 1e-4);
    });
  });

  it('names the majority baseline', () => {
    const figures = evaluate(
      [0, 0, 0, 1],
      [
        [1, 0],
        [1, 0],
        [0, 1],
        [0, 1],
      ],
    );
    expect(figures.baseline).to.equal(0.75);
    expect(figures.top1.value).to.equal(0.75);
  });

  it('lets all labels of the head compete, also those that the data do not have', () => {
    const figures = evaluate(
      [0, 1],
      [
        [1, 0, 5],
        [0, 1, 5],
      ],
    );
    expect(figures.top1.value).to.equal(0);
    expect(figures.confusion.cells).to.deep.equal([
      [0, 2, 1],
      [1, 2, 1],
    ]);
    expect(figures.classes).to.have.length(3);
  });

  it('lists mistakes with what was answered, the most confident first', () => {
    const figures = evaluate(
      [0, 1, 0],
      [
        [0, 1, 0],
        [0, 9, 0],
        [0, 0, 8],
      ],
    );
    expect(figures.mistakes.map(({ sha256 }) => sha256)).to.deep.equal([hashOf(2), hashOf(0)]);
    const [first] = figures.mistakes;
    expect(first?.label).to.equal('label 0');
    expect(first?.predictions.map(({ label }) => label)).to.deep.equal(['label 2', 'label 0', 'label 1']);
    expect(first?.predictions.reduce((sum, { score }) => sum + score, 0)).to.be.closeTo(1, 1e-9);
  });

  it('keeps the 200 most confident of many mistakes', () => {
    const rows = Array.from({ length: 1000 }, (_, at) => [0, 0.01 * ((at * 7919) % 1000)]);
    const { mistakes } = evaluate(
      rows.map(() => 0),
      rows.map(([a = 0, b = 0]) => [a, b + 0.001]),
    );
    expect(mistakes).to.have.length(200);
    const scores = mistakes.map(({ predictions }) => predictions[0]?.score ?? 0);
    expect(scores).to.deep.equal([...scores].sort((a, b) => b - a));
    expect(Math.min(...scores)).to.be.closeTo(1 / (1 + Math.exp(-8.001)), 1e-6);
  });

  it('gives the fitted temperature as the head would carry it', () => {
    const rows = golden.logits.map((row) => row.map((logit) => logit * 4));
    const four = evaluate(golden.truth, rows, 4).calibration;
    const one = evaluate(golden.truth, golden.logits).calibration;
    expect(four.temperature).to.be.closeTo(4 * one.temperature, 1e-3);
    expect(four.ece).to.be.closeTo(one.ece, 1e-4);
  });

  it('does not depend on the order of the files', () => {
    const order = golden.truth.map((_, at) => at).sort((a, b) => ((a * 31) % 61) - ((b * 31) % 61));
    const evaluation = new Evaluation(identityHead(7));
    for (const at of order) {
      const embedding = Float32Array.from(golden.logits[at] ?? []);
      evaluation.add({ truth: golden.truth[at] ?? -1, embedding, sha256: hashOf(at) });
    }
    const { calibration, mistakes, confusion } = evaluation.figures();
    const inOrder = evaluate(golden.truth, golden.logits);
    expect(mistakes).to.deep.equal(inOrder.mistakes);
    expect(confusion).to.deep.equal(inOrder.confusion);
    expect(calibration.temperature).to.be.closeTo(inOrder.calibration.temperature, 1e-4);
  });

  it('refuses an index that is no label’s, and figures of nothing', () => {
    const evaluation = new Evaluation(identityHead(2));
    expect(() => evaluation.add({ truth: 2, embedding: Float32Array.of(1, 0), sha256: hashOf(0) })).to.throw(
      RangeError,
    );
    expect(() => new Evaluation(identityHead(2)).figures()).to.throw(RangeError);
  });

  it('keeps its sums for any answers', () => {
    const picture = fc.record({
      truth: fc.integer({ min: 0, max: 6 }),
      logits: fc.array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 7, maxLength: 7 }),
    });
    fc.assert(
      fc.property(fc.array(picture, { minLength: 1, maxLength: 30 }), (pictures) => {
        const figures = evaluate(
          pictures.map(({ truth }) => truth),
          pictures.map(({ logits }) => logits),
        );
        const total = figures.confusion.cells.reduce((sum, [, , count]) => sum + count, 0);
        const hits = figures.confusion.cells.reduce((sum, [t, p, count]) => sum + (t === p ? count : 0), 0);
        expect(total).to.equal(pictures.length);
        expect(hits / total).to.be.closeTo(figures.top1.value, 1e-12);
        expect(figures.top5.value).to.be.at.least(figures.top1.value);
        expect(figures.classes.reduce((sum, { support }) => sum + support, 0)).to.equal(pictures.length);
        expect(figures.mistakes).to.have.length(total - hits);
        expect(figures.loss).to.be.at.least(0);
        for (const { ece, eceBefore } of [figures.calibration]) {
          expect(ece).to.be.within(0, 1);
          expect(eceBefore).to.be.within(0, 1);
        }
      }),
      { numRuns: 60 },
    );
  });
});
