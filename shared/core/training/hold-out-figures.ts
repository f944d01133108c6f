import { ConfusionCounts, macroFigures } from '../evaluation-confusion.ts';
import { proportion } from '../evaluation-interval.ts';
import type { ClassFigures, Proportion } from '../evaluation-report.ts';
import type { LinearHead } from '../head.ts';
import { logitsOf, logSumExp, project } from '../scoring.ts';

/** How well a head does on pictures that it was not fitted to. */
export interface HoldOutFigures {
  /** Pictures. */
  readonly n: number;
  readonly accuracy: Proportion;
  /** Means over the labels that occur, 0…1. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Mean −log of the true label's score, in nats. */
  readonly logLoss: number;
  /** Of the labels that occur or were answered. */
  readonly classes: readonly ClassFigures[];
  readonly confusion: {
    readonly labels: readonly string[];
    /** [true index, predicted index, count], those over zero only. */
    readonly cells: readonly (readonly [number, number, number])[];
  };
}

export interface HeldOutPicture {
  readonly label: string;
  /** float32 [embeddingSize], L2-normalised. */
  readonly embedding: Float32Array;
}

/** Score of a label that a head does not have; a loss of 27.6 nats rather than an infinite one. */
const LEAST_SCORE = 1e-12;

/**
 * Figures of a head on pictures, some of whose labels it may not know: those it can only get wrong. So a head from
 * before a label was added and one from after are measured on the same pictures.
 * @throws RangeError for no pictures
 */
export function holdOutFigures(head: LinearHead, pictures: readonly HeldOutPicture[]): HoldOutFigures {
  const answers = pictures.map(({ label, embedding }) => {
    const logits = logitsOf(head, project(head, embedding));
    const best = logits.indexOf(logits.reduce((most, logit) => Math.max(most, logit), -Infinity));
    const truth = head.labels.indexOf(label);
    const logScore = truth === -1 ? -Infinity : (logits[truth] ?? -Infinity) - logSumExp(logits);
    return { label, answer: head.labels[best] ?? '', loss: -Math.max(logScore, Math.log(LEAST_SCORE)) };
  });
  const met = new Set(answers.flatMap(({ label, answer }) => [label, answer]));
  const known = head.labels.filter((label) => met.has(label));
  const labels = [...known, ...[...met].filter((label) => !known.includes(label)).sort()];
  const confusion = new ConfusionCounts(labels.length);
  for (const { label, answer } of answers) confusion.add(labels.indexOf(label), labels.indexOf(answer));
  const classes = confusion.figures(labels);
  const hits = answers.filter(({ label, answer }) => label === answer).length;
  return {
    n: answers.length,
    accuracy: proportion(hits, answers.length),
    ...macroFigures(classes),
    logLoss: answers.reduce((sum, { loss }) => sum + loss, 0) / answers.length,
    classes,
    confusion: { labels, cells: confusion.cells() },
  };
}
