import type { LinearHead, Prediction } from './head.ts';

export interface Classification {
  /** The best labels, best first. */
  readonly predictions: readonly Prediction[];
  /** False when none of the labels fits well, or none stands out. True where no threshold was measured. */
  readonly confident: boolean;
}

/** The best label's share below which none stands out: the greatest softmax probability of Hendrycks & Gimpel 2017. */
const LEAST_SCORE = 0.3;

/**
 * The vector at length 1; a zero vector stays zero.
 * @example l2Normalise(Float32Array.of(3, 4)) // 0.6, 0.8
 */
export function l2Normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector.slice() : vector.map((value) => value / length);
}

/** Cosine of two vectors of one length, −1…1; 0 where one of them is zero. */
export function cosine(a: Float32Array, b: Float32Array): number {
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths === 0 ? 0 : Math.min(1, Math.max(-1, dot(a, b) / lengths));
}

/**
 * exp(z − max z) over its sum: the greatest logit is taken off first, so that exp never overflows.
 * @example softmax([0, Math.log(3)]) // 0.25, 0.75
 */
export function softmax(logits: Iterable<number>): number[] {
  const greatest = maxOf(logits);
  const weights = Array.from(logits, (logit) => Math.exp(logit - greatest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * log Σ exp(z), without overflow.
 * @example logSumExp([0, 0]) // 0.693…, log 2
 */
export function logSumExp(logits: Iterable<number>): number {
  const greatest = maxOf(logits);
  return (
    greatest + Math.log(Array.from(logits).reduce((total, logit) => total + Math.exp(logit - greatest), 0))
  );
}

/**
 * W·x + b, one number a label. For a zero-shot head and a normalised embedding these are the cosines.
 * @param embedding float32 [embeddingSize], L2-normalised
 * @throws RangeError when the embedding's length is not that of the head's rows
 */
export function project(head: LinearHead, embedding: Float32Array): Float64Array {
  const size = head.weights.length / head.labels.length;
  if (embedding.length !== size) {
    throw new RangeError(`Expected ${size} values for \`embedding\` but received ${embedding.length}.`);
  }
  return Float64Array.from(head.labels, (_, row) => {
    const weights = head.weights.subarray(row * size, (row + 1) * size);
    return dot(weights, embedding) + (head.bias[row] ?? 0);
  });
}

/** The softmax's arguments: scale / temperature · (W·x + b). */
export function logitsOf(head: LinearHead, projection: Float64Array): Float64Array {
  return projection.map((value) => (head.scale / head.temperature) * value);
}

/**
 * How well the best of the labels fits; `noneThreshold` is a bound on this number, and below it none fits.
 * The best cosine; where a linear head has none, log Σ exp(logits), which is the negative of the energy of Liu et al. 2020.
 *
 * @example zero-shot, cosines 0.21 and 0.27: 0.27, below a threshold of 0.28, so not confident
 * @example linear, logits 2 and 2: 2 + log 2 = 2.69, above a threshold of 2.5, so confident, though the two tie
 * @see Liu et al. 2020, Energy-based Out-of-distribution Detection, §3
 */
export function fitOf(head: LinearHead, projection: Float64Array): number {
  return hasCosines(head) ? maxOf(projection) : logSumExp(logitsOf(head, projection));
}

/** Whether W·x are cosines of image and label. */
function hasCosines(head: LinearHead): boolean {
  return head.kind === 'zero-shot' || head.hasCosines === true;
}

/**
 * Labels of one embedding under one head.
 * @param embedding float32 [embeddingSize], L2-normalised
 * @param top       how many predictions; all where the head has fewer labels
 * @returns         scores over all labels of the head (so `top` of them may sum to less than 1), best first; equal
 *                  scores in the head's order; `similarity` where the head has cosines
 * @example         labels cat and dog at cosines 0.30 and 0.28, scale 100: scores 1 / (1 + e⁻²) = 0.881 and 0.119
 * @see             Radford et al. 2021, §3.1.2
 */
export function classify(head: LinearHead, embedding: Float32Array, top: number): Classification {
  const projection = project(head, embedding);
  const scores = softmax(logitsOf(head, projection));
  const ranked = head.labels
    .map((label, row) => ({ label, score: scores[row] ?? 0, similarity: projection[row] ?? 0 }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, top);
  const predictions = hasCosines(head)
    ? ranked
    : ranked.map(({ label, score }): Prediction => ({ label, score }));
  return { predictions, confident: isConfident(head, projection, maxOf(scores)) };
}

function isConfident(head: LinearHead, projection: Float64Array, bestScore: number): boolean {
  if (head.noneThreshold === undefined) return true;
  return fitOf(head, projection) >= head.noneThreshold && bestScore >= LEAST_SCORE;
}

function dot(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`Expected ${a.length} values but received ${b.length}.`);
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** −Infinity for no numbers at all. `Math.max(...)` would overflow the stack on long lists. */
function maxOf(numbers: Iterable<number>): number {
  let greatest = -Infinity;
  for (const number of numbers) greatest = Math.max(greatest, number);
  return greatest;
}
