/** Embeddings with the classes they belong to. */
export interface LabelledVectors {
  /** float32, row-major [count, size], each row L2-normalised. */
  readonly vectors: Float32Array;
  /** Index of the class, [count]. */
  readonly classes: Int32Array;
}

/** logit of class k = weights[k] · x + bias[k]. */
export interface Parameters {
  /** float32, row-major [classCount, size]. */
  readonly weights: Float32Array;
  /** float32 [classCount]. */
  readonly bias: Float32Array;
}

/** A class that a picture is not is pulled by its own score; below this the pull is lost in float32 anyway. */
const NEGLIGIBLE = 1e-7;

/** Softmax scores of one vector, written to `scores`. @returns log Σ exp(logits) */
export function scoresOf(parameters: Parameters, vector: Float32Array, scores: Float64Array): number {
  const { weights, bias } = parameters;
  const size = vector.length;
  let greatest = -Infinity;
  for (let k = 0; k < scores.length; k++) {
    const logit = (bias[k] ?? 0) + dot(weights, k * size, vector);
    scores[k] = logit;
    if (logit > greatest) greatest = logit;
  }
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    const weight = Math.exp((scores[k] ?? 0) - greatest);
    scores[k] = weight;
    sum += weight;
  }
  for (let k = 0; k < scores.length; k++) scores[k] = (scores[k] ?? 0) / sum;
  return greatest + Math.log(sum);
}

/**
 * Adds the gradient of −log score[truth] to `gradient`: (score[k] − [k = truth]) · x for class k.
 * @returns −log score[truth], in nats
 */
export function addGradient(
  parameters: Parameters,
  example: { vector: Float32Array; truth: number },
  { gradient, scores }: { gradient: Parameters; scores: Float64Array },
): number {
  const { vector, truth } = example;
  scoresOf(parameters, vector, scores);
  const size = vector.length;
  const loss = -Math.log(Math.max(scores[truth] ?? 0, Number.MIN_VALUE));
  for (let k = 0; k < scores.length; k++) {
    const pull = (scores[k] ?? 0) - (k === truth ? 1 : 0);
    if (Math.abs(pull) < NEGLIGIBLE) continue;
    gradient.bias[k] = (gradient.bias[k] ?? 0) + pull;
    const row = k * size;
    for (let at = 0; at < size; at++) {
      gradient.weights[row + at] = (gradient.weights[row + at] ?? 0) + pull * (vector[at] ?? 0);
    }
  }
  return loss;
}

/** Mean loss in nats and share of the vectors whose best class is theirs. */
export function measure(
  parameters: Parameters,
  { vectors, classes }: LabelledVectors,
): { loss: number; accuracy: number } {
  const scores = new Float64Array(parameters.bias.length);
  const size = vectors.length / classes.length;
  let loss = 0;
  let hits = 0;
  for (const [row, truth] of classes.entries()) {
    scoresOf(parameters, vectors.subarray(row * size, (row + 1) * size), scores);
    loss -= Math.log(Math.max(scores[truth] ?? 0, Number.MIN_VALUE));
    if (indexOfGreatest(scores) === truth) hits++;
  }
  return { loss: loss / classes.length, accuracy: hits / classes.length };
}

function indexOfGreatest(values: Float64Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if ((values[k] ?? 0) > (values[best] ?? 0)) best = k;
  return best;
}

/** Four sums side by side: a processor adds them at once, one after the other it waits for each. */
function dot(matrix: Float32Array, from: number, vector: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = vector.length - (vector.length % 4);
  for (let at = 0; at < whole; at += 4) {
    a += (matrix[from + at] ?? 0) * (vector[at] ?? 0);
    b += (matrix[from + at + 1] ?? 0) * (vector[at + 1] ?? 0);
    c += (matrix[from + at + 2] ?? 0) * (vector[at + 2] ?? 0);
    d += (matrix[from + at + 3] ?? 0) * (vector[at + 3] ?? 0);
  }
  for (let at = whole; at < vector.length; at++) a += (matrix[from + at] ?? 0) * (vector[at] ?? 0);
  return a + b + c + d;
}
