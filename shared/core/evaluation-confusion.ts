import type { ClassFigures } from './evaluation-report.ts';

/** Counts of (true, predicted) pairs. Sparse: a thousand labels would have a million cells, nearly all empty. */
export class ConfusionCounts {
  readonly #size: number;
  readonly #counts = new Map<number, number>();

  /** @param size number of labels */
  constructor(size: number) {
    this.#size = size;
  }

  /** @throws RangeError when an index is no label's */
  add(truth: number, predicted: number): void {
    for (const index of [truth, predicted]) {
      if (!Number.isInteger(index) || index < 0 || index >= this.#size) {
        throw new RangeError(`Expected an index below ${this.#size} but received ${index}.`);
      }
    }
    const key = truth * this.#size + predicted;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** [true, predicted, count] by rows, those over zero only. */
  cells(): readonly (readonly [number, number, number])[] {
    return [...this.#counts]
      .sort(([a], [b]) => a - b)
      .map(([key, count]) => [Math.floor(key / this.#size), key % this.#size, count] as const);
  }

  /**
   * Precision tp / (tp + fp), recall tp / (tp + fn), F1 their harmonic mean; 0 where a quotient is 0 / 0.
   * @example truth 0, 0, 1, predicted 0, 1, 1: label 1 has precision 1/2, recall 1, F1 2/3, support 1
   */
  figures(labels: readonly string[]): readonly ClassFigures[] {
    const hits = new Float64Array(this.#size);
    const truths = new Float64Array(this.#size);
    const predictions = new Float64Array(this.#size);
    for (const [truth, predicted, count] of this.cells()) {
      truths[truth] = (truths[truth] ?? 0) + count;
      predictions[predicted] = (predictions[predicted] ?? 0) + count;
      if (truth === predicted) hits[truth] = count;
    }
    return labels.map((label, index) => {
      const hit = hits[index] ?? 0;
      const support = truths[index] ?? 0;
      const predicted = predictions[index] ?? 0;
      return {
        label,
        precision: ratio(hit, predicted),
        recall: ratio(hit, support),
        f1: ratio(2 * hit, predicted + support),
        support,
      };
    });
  }
}

/** Means over the labels that occur: one that does not can be neither found nor missed. */
export function macroFigures(classes: readonly ClassFigures[]): {
  precision: number;
  recall: number;
  f1: number;
} {
  const present = classes.filter(({ support }) => support > 0);
  const mean = (pick: (figures: ClassFigures) => number) =>
    ratio(
      present.reduce((sum, figures) => sum + pick(figures), 0),
      present.length,
    );
  return { precision: mean((c) => c.precision), recall: mean((c) => c.recall), f1: mean((c) => c.f1) };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
