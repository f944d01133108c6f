import { expect } from 'chai';
import type { LinearHead } from '../../../../shared/core/head.ts';
import { holdOutFigures } from '../../../../shared/core/training/hold-out-figures.ts';

/** Logits are the embedding itself, times ln 3: the score of a unit vector's own class is 3 / (3 + 1 + 1). */
const head: LinearHead = {
  id: 'three',
  title: 'Three',
  kind: 'linear',
  version: `sha256:${'0'.repeat(64)}`,
  bundleRevision: `sha256:${'1'.repeat(64)}`,
  labels: ['a', 'b', 'never'],
  weights: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
  bias: new Float32Array(3),
  scale: Math.log(3),
  temperature: 1,
};
const at = (axis: number) => Float32Array.from({ length: 3 }, (_, index) => (index === axis ? 1 : 0));

describe('holdOutFigures', () => {
  const figures = holdOutFigures(head, [
    { label: 'a', embedding: at(0) },
    { label: 'a', embedding: at(0) },
    { label: 'a', embedding: at(1) },
    { label: 'b', embedding: at(1) },
  ]);

  it('counts what is right', () => {
    expect(figures.n).to.equal(4);
    expect(figures.accuracy.value).to.equal(0.75);
    expect(figures.accuracy.interval[0]).to.be.within(0.2, 0.75);
  });

  it('has precision, recall and F1 of each label that occurs, and their means', () => {
    expect(figures.classes.map(({ label }) => label)).to.deep.equal(['a', 'b']);
    expect(figures.classes[0]).to.deep.include({ precision: 1, recall: 2 / 3, support: 3 });
    expect(figures.classes[1]).to.deep.include({ precision: 0.5, recall: 1, support: 1 });
    expect(figures.precision).to.equal(0.75);
    expect(figures.recall).to.be.closeTo(5 / 6, 1e-9);
    expect(figures.f1).to.be.closeTo((0.8 + 2 / 3) / 2, 1e-9);
  });

  it('has the confusion and the loss', () => {
    expect(figures.confusion).to.deep.equal({
      labels: ['a', 'b'],
      cells: [
        [0, 0, 2],
        [0, 1, 1],
        [1, 1, 1],
      ],
    });
    expect(figures.logLoss).to.be.closeTo(-(3 * Math.log(0.6) + Math.log(0.2)) / 4, 1e-6);
  });

  it('counts a label that the head does not have as wrong, with a loss that is finite', () => {
    const { accuracy, logLoss, confusion } = holdOutFigures(head, [
      { label: 'rabbit', embedding: at(0) },
      { label: 'a', embedding: at(0) },
    ]);
    expect(accuracy.value).to.equal(0.5);
    expect(logLoss).to.be.closeTo((12 * Math.log(10) - Math.log(0.6)) / 2, 1e-6);
    expect(confusion).to.deep.equal({
      labels: ['a', 'rabbit'],
      cells: [
        [0, 0, 1],
        [1, 0, 1],
      ],
    });
  });

  it('refuses to measure nothing', () => {
    expect(() => holdOutFigures(head, [])).to.throw(RangeError);
  });
});
