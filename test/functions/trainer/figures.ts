import { expect } from 'chai';

/** Figures on a hold-out, as `done` and the list of versions carry them. */
export interface Figures {
  readonly n: number;
  readonly accuracy: { readonly value: number; readonly interval: readonly number[] };
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly logLoss: number;
  readonly classes: readonly { readonly label: string; readonly support: number }[];
  readonly confusion: { readonly labels: readonly string[]; readonly cells: readonly (readonly number[])[] };
}

/** All of them are there, and agree with one another. */
export function sharedFigures(figures: Figures, expected: { n: number; accuracy?: number }): void {
  expect(figures.n).to.equal(expected.n);
  if (expected.accuracy !== undefined) expect(figures.accuracy.value).to.equal(expected.accuracy);
  expect(figures.accuracy.value).to.be.within(
    figures.accuracy.interval[0] ?? 1,
    figures.accuracy.interval[1] ?? 0,
  );
  for (const share of [figures.precision, figures.recall, figures.f1]) expect(share).to.be.within(0, 1);
  expect(figures.logLoss).to.be.greaterThan(0);
  const { cells } = figures.confusion;
  expect(cells.reduce((sum, cell) => sum + (cell[2] ?? 0), 0)).to.equal(expected.n);
  const hits = cells
    .filter(([truth, answer]) => truth === answer)
    .reduce((sum, cell) => sum + (cell[2] ?? 0), 0);
  expect(hits / expected.n).to.be.closeTo(figures.accuracy.value, 1e-9);
  expect(figures.classes.reduce((sum, { support }) => sum + support, 0)).to.equal(expected.n);
}
