import type { HeadKind } from './head.ts';
/** What `npm run evaluate` writes and `GET /heads/{head}/evaluation` serves: figures, no pictures. */
export interface EvaluationReport {
  readonly model: { readonly id: string; readonly revision: string };
  readonly head: string;
  readonly kind: HeadKind;
  /** Version of the head that was measured. */
  readonly version: string;
  /** Name of the data set. */
  readonly data: string;
  /** ISO 8601. */
  readonly date: string;
  /** Pictures that were classified; files that could not be read, and files of labels that the head has not, are not in it. */
  readonly n: number;
  readonly unreadable: number;
  readonly unknown: number;
  /** Top-1 of one who always names the most frequent label. */
  readonly baseline: number;
  readonly top1: Proportion;
  readonly top5: Proportion;
  /** Mean −log of the true label's score, in nats. */
  readonly loss: number;
  /** Means over the labels that occur in the data. */
  readonly macro: { readonly precision: number; readonly recall: number; readonly f1: number };
  /** One for each label of the head, in its order. */
  readonly classes: readonly ClassFigures[];
  readonly confusion: {
    readonly labels: readonly string[];
    /** [true index, predicted index, count], those over zero only. */
    readonly cells: readonly (readonly [number, number, number])[];
  };
  readonly calibration: Calibration;
  /** The most confident first. */
  readonly mistakes: readonly Mistake[];
}

export interface Proportion {
  /** 0…1 */
  readonly value: number;
  /** 95 %, by Wilson. */
  readonly interval: readonly [number, number];
}

export interface ClassFigures {
  readonly label: string;
  /** 0 where the label was never predicted. */
  readonly precision: number;
  /** 0 where the label does not occur. */
  readonly recall: number;
  readonly f1: number;
  /** Pictures whose true label this is. */
  readonly support: number;
}

export interface Calibration {
  /** Pictures that the figures below were measured on; the temperature was fitted on others. */
  readonly n: number;
  /** The temperature with which this head would be calibrated best. */
  readonly temperature: number;
  /** Expected calibration error with it … */
  readonly ece: number;
  /** … and with the one that the head has. */
  readonly eceBefore: number;
  /** Reliability with the temperature that the head has. */
  readonly bins: readonly ReliabilityBin[];
}

export interface ReliabilityBin {
  /** Confidence above `from` and up to `to`, 0…1. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence, and share that was right; 0 in an empty bin. */
  readonly confidence: number;
  readonly accuracy: number;
}

export interface Mistake {
  /** Of the picture's bytes. */
  readonly sha256: string;
  /** What it is. */
  readonly label: string;
  /** What was answered, best first. */
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
}
