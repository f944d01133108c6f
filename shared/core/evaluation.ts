import { calibrate, confidenceOf, lossOf, type Judged } from './evaluation-calibration.ts';
import { ConfusionCounts, macroFigures } from './evaluation-confusion.ts';
import { proportion } from './evaluation-interval.ts';
import type { EvaluationReport, Mistake } from './evaluation-report.ts';
import type { LinearHead } from './head.ts';
import { logitsOf, project, softmax } from './scoring.ts';

/** Everything of a report that comes from the answers; the caller adds what they were answers to. */
export type EvaluationFigures = Omit<
  EvaluationReport,
  'model' | 'head' | 'kind' | 'version' | 'data' | 'date' | 'unreadable' | 'unknown'
>;

/** Pictures whose logits are kept for the calibration: 10,000 of 1,000 labels are 40 MB. */
const MAX_JUDGED = 10_000;
/** Mistakes that a report names; the most confident are the ones worth looking at. */
const MAX_MISTAKES = 200;
const MISTAKE_PREDICTIONS = 5;

/**
 * Measures one head, a picture at a time and in bounded memory. All labels of the head compete for every picture, also
 * those that the data do not have.
 *
 * @example
 * const evaluation = new Evaluation(head);
 * evaluation.add({ truth: 3, embedding, sha256 });
 * const figures = evaluation.figures();
 */
export class Evaluation {
  readonly #head: LinearHead;
  readonly #confusion: ConfusionCounts;
  readonly #halves = { fit: [] as Judged[], measure: [] as Judged[] };
  #mistakes: (Mistake & { readonly confidence: number })[] = [];
  #n = 0;
  #hits1 = 0;
  #hits5 = 0;
  #loss = 0;

  constructor(head: LinearHead) {
    this.#head = head;
    this.#confusion = new ConfusionCounts(head.labels.length);
  }

  /**
   * @param picture.truth     index of the true label in the head
   * @param picture.embedding float32 [embeddingSize], L2-normalised
   * @throws RangeError when the index is no label's or the embedding has another length
   */
  add(picture: { truth: number; embedding: Float32Array; sha256: string }): void {
    const { truth, embedding, sha256 } = picture;
    const logits = Float32Array.from(logitsOf(this.#head, project(this.#head, embedding)));
    const judged = { truth, logits };
    const order = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
    const best = order[0] ?? -1;
    this.#confusion.add(truth, best);
    this.#n++;
    this.#loss += lossOf(judged);
    if (best === truth) this.#hits1++;
    else this.#keepMistake(judged, sha256, order);
    if (order.slice(0, 5).includes(truth)) this.#hits5++;
    this.#keepJudged(judged, sha256);
  }

  /** @throws RangeError before the first picture */
  figures(): EvaluationFigures {
    const { labels, temperature } = this.#head;
    const top1 = proportion(this.#hits1, this.#n);
    const classes = this.#confusion.figures(labels);
    return {
      n: this.#n,
      baseline: classes.reduce((most, { support }) => Math.max(most, support), 0) / this.#n,
      top1,
      top5: proportion(this.#hits5, this.#n),
      loss: this.#loss / this.#n,
      macro: macroFigures(classes),
      classes,
      confusion: { labels, cells: this.#confusion.cells() },
      calibration: calibrate(this.#halves, temperature),
      mistakes: this.#worst().map(({ sha256, label, predictions }) => ({ sha256, label, predictions })),
    };
  }

  /** Which half a picture is in depends on its content alone: the order of the files changes nothing. */
  #keepJudged(judged: Judged, sha256: string): void {
    const { fit, measure } = this.#halves;
    const half = Number.parseInt(sha256.slice(0, 8), 16) % 2 === 0 ? fit : measure;
    if (half.length < MAX_JUDGED / 2) half.push(judged);
  }

  #keepMistake(judged: Judged, sha256: string, order: readonly number[]): void {
    const { labels } = this.#head;
    const scores = softmax(judged.logits);
    this.#mistakes.push({
      sha256,
      label: labels[judged.truth] ?? '',
      confidence: confidenceOf(judged).confidence,
      predictions: order
        .slice(0, MISTAKE_PREDICTIONS)
        .map((index) => ({ label: labels[index] ?? '', score: scores[index] ?? 0 })),
    });
    if (this.#mistakes.length >= 2 * MAX_MISTAKES) this.#mistakes = this.#worst();
  }

  #worst() {
    return [...this.#mistakes]
      .sort((a, b) => b.confidence - a.confidence || (a.sha256 < b.sha256 ? -1 : 1))
      .slice(0, MAX_MISTAKES);
  }
}
