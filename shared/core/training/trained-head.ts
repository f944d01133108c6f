import { headVersion } from '../head-version.ts';
import type { LinearHead } from '../head.ts';
import { fitOf, project } from '../scoring.ts';
import type { Parameters } from './softmax-regression.ts';

/** Of the validation pictures: how many may be told that none of the labels fits, though one does. */
const REFUSED_SHARE = 0.05;

/** Labels of the head to be: those it had, in their order, then new ones in alphabetical order. */
export function labelsToTrain(examples: Iterable<string>, start?: LinearHead): readonly string[] {
  const known = start?.labels ?? [];
  const added = [...new Set(examples)].filter((label) => !known.includes(label));
  return [...known, ...added.sort((a, b) => (a < b ? -1 : 1))];
}

/**
 * Where the fit starts: the logits of the head that is trained on, zeros for labels that it does not have. Scale and
 * temperature go into the weights, so that a zero-shot head's cosines and a trained head's logits are one thing.
 */
export function startParameters(labels: readonly string[], size: number, start?: LinearHead): Parameters {
  const weights = new Float32Array(labels.length * size);
  const bias = new Float32Array(labels.length);
  if (start !== undefined) {
    const factor = start.scale / start.temperature;
    weights.set(start.weights.map((value) => factor * value));
    bias.set(start.bias.map((value) => factor * value));
  }
  return { weights, bias };
}

export interface TrainedHeadOptions {
  readonly id: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly bundleRevision: string;
  /** Embeddings of the pictures that decided when to stop; the threshold for *none fits* is chosen on them. */
  readonly validation: readonly Float32Array[];
}

/** Fitted weights as a head, with its threshold and its version. */
export async function trainedHead(
  { weights, bias }: Parameters,
  options: TrainedHeadOptions,
): Promise<LinearHead> {
  const { id, title, labels, bundleRevision, validation } = options;
  const plain = {
    ...{ id, title, kind: 'linear' as const, bundleRevision, labels, weights, bias },
    scale: 1,
    temperature: 1,
  };
  const fits = validation.map((embedding) =>
    fitOf({ ...plain, version: '' }, project({ ...plain, version: '' }, embedding)),
  );
  const head = { ...plain, noneThreshold: quantile(fits, REFUSED_SHARE) };
  return { ...head, version: await headVersion(head) };
}

/**
 * The value that a share of the others lies below; the least one for few values.
 * @example quantile([4, 1, 3, 2], 0.5) // 3
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (value === undefined) throw new RangeError('Expected at least one value but received none.');
  return value;
}
