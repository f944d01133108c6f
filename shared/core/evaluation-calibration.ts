import type { Calibration, ReliabilityBin } from './evaluation-report.ts';

/** A classified picture: the true label's index, and the logits of all labels. */
export interface Judged {
  readonly truth: number;
  readonly logits: Float32Array;
}

/** As many as in Guo et al.'s figures 1 and 4, less half: a few hundred pictures must fill them. */
export const BIN_COUNT = 10;

/** Factor on the temperature is sought within 1/20…20: farther off, no picture tells one from another. */
const MAX_LOG_FACTOR = Math.log(20);
/** Of the golden section; leaves 40 · 0.618^40 ≈ 10⁻⁷ of the interval. */
const STEPS = 40;

/** Greatest softmax score, and whether it is the true label's. The first of equals counts, as in `classify`. */
export function confidenceOf(
  { truth, logits }: Judged,
  factor = 1,
): { confidence: number; isRight: boolean } {
  const best = indexOfGreatest(logits);
  return { confidence: 1 / sumOfExp(logits, logits[best] ?? 0, factor), isRight: best === truth };
}

/** −log of the true label's score, in nats, with all logits divided by `factor`. */
export function lossOf({ truth, logits }: Judged, factor = 1): number {
  const greatest = logits[indexOfGreatest(logits)] ?? 0;
  return Math.log(sumOfExp(logits, greatest, factor)) + (greatest - (logits[truth] ?? 0)) / factor;
}

function indexOfGreatest(logits: Float32Array): number {
  let best = 0;
  for (let index = 1; index < logits.length; index++) {
    if ((logits[index] ?? -Infinity) > (logits[best] ?? -Infinity)) best = index;
  }
  return best;
}

/** Σ exp((z − greatest) / factor), at least 1. A loop in double precision: the search runs it a hundred million times. */
function sumOfExp(logits: Float32Array, greatest: number, factor: number): number {
  let sum = 0;
  for (const logit of logits) sum += Math.exp((logit - greatest) / factor);
  return sum;
}

/**
 * Ten bins of equal width over the confidence; a confidence on an edge belongs to the bin below.
 * @example confidences 0.95 (right), 0.91 (wrong): the last bin has count 2, confidence 0.93, accuracy 0.5
 */
export function reliabilityBins(
  points: readonly { readonly confidence: number; readonly isRight: boolean }[],
): readonly ReliabilityBin[] {
  const sums = Array.from({ length: BIN_COUNT }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (const { confidence, isRight } of points) {
    const bin = sums[Math.min(BIN_COUNT - 1, Math.max(0, Math.ceil(confidence * BIN_COUNT) - 1))];
    if (bin === undefined) continue;
    bin.count++;
    bin.confidence += confidence;
    bin.right += isRight ? 1 : 0;
  }
  return sums.map(({ count, confidence, right }, index) => ({
    from: index / BIN_COUNT,
    to: (index + 1) / BIN_COUNT,
    count,
    confidence: count === 0 ? 0 : confidence / count,
    accuracy: count === 0 ? 0 : right / count,
  }));
}

/**
 * Expected calibration error: mean of |accuracy − confidence| over the bins, weighed by their counts; 0 of none.
 * @see Guo et al. 2017, On Calibration of Modern Neural Networks, equation 3
 */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  if (total === 0) return 0;
  return bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.accuracy - bin.confidence), 0) / total;
}

/**
 * The factor on the temperature that makes the mean loss least. The loss is convex in 1 / factor, so it has one
 * minimum, and a golden-section search over the factor's logarithm finds it.
 * @returns within 1/20…20; 1 for no pictures
 * @see Guo et al. 2017, §4.2, temperature scaling
 */
export function fitTemperature(judged: readonly Judged[]): number {
  if (judged.length === 0) return 1;
  const meanLoss = (logFactor: number) =>
    judged.reduce((sum, one) => sum + lossOf(one, Math.exp(logFactor)), 0) / judged.length;
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = -MAX_LOG_FACTOR;
  let high = MAX_LOG_FACTOR;
  let left = high - golden * (high - low);
  let right = low + golden * (high - low);
  let lossLeft = meanLoss(left);
  let lossRight = meanLoss(right);
  for (let step = 0; step < STEPS; step++) {
    if (lossLeft <= lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - golden * (high - low);
      lossLeft = meanLoss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + golden * (high - low);
      lossRight = meanLoss(right);
    }
  }
  return Math.exp((low + high) / 2);
}

/**
 * Calibration of a head: the temperature fitted on one half of the pictures, the errors measured on the other.
 * @param headTemperature the temperature that the logits were made with
 */
export function calibrate(
  halves: { readonly fit: readonly Judged[]; readonly measure: readonly Judged[] },
  headTemperature: number,
): Calibration {
  const factor = fitTemperature(halves.fit);
  const before = reliabilityBins(halves.measure.map((one) => confidenceOf(one)));
  const after = reliabilityBins(halves.measure.map((one) => confidenceOf(one, factor)));
  return {
    n: halves.measure.length,
    temperature: headTemperature * factor,
    ece: calibrationError(after),
    eceBefore: calibrationError(before),
    bins: before,
  };
}
