import { Adam } from './adam.ts';
import { seededRandom, shuffledIndices } from './random.ts';
import { addGradient, measure, type LabelledVectors, type Parameters } from './softmax-regression.ts';

export interface FitOptions {
  readonly train: LabelledVectors;
  readonly validation: LabelledVectors;
  /** Where the weights start, and where L2 pulls them back to: zeros, or a head that is trained on. */
  readonly start: Parameters;
  readonly seed: number;
}

/** What is told of an epoch: one pass over all training examples. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  /** Means in nats; the training loss is that of the batches as they came. */
  readonly trainLoss: number;
  readonly validationLoss: number;
  /** 0…1 */
  readonly validationAccuracy: number;
  readonly learningRate: number;
  /** A copy of the weights, where they are the best so far on the validation loss. */
  readonly best?: Parameters;
}

/** Examples a step: small enough that a few hundred examples make several steps. */
const BATCH = 64;
/** A weight must travel by about 1 for logits of ±20 over 512 numbers: some twenty steps. */
const LEARNING_RATE = 0.05;
/** Of the mean loss: keeps few examples from driving the weights without end. */
const L2 = 1e-4;
const MAX_EPOCHS = 100;
/** Epochs without a better validation loss until the learning rate is quartered, and until the end. */
const PATIENCE = { rate: 2, stop: 6 };
/** Share of the least loss; less is no improvement, or classes that do not overlap would be fitted for ever. */
const MIN_GAIN = 0.005;

/**
 * Multinomial logistic regression on embeddings: Adam on batches, L2 towards the start. While the validation loss stands
 * still the learning rate is quartered and the best weights taken up again; when it has stood for longer, that is the end. The weights to keep are those of the last
 * epoch that has `best`.
 *
 * A generator, so that whoever runs it may stop after any epoch.
 *
 * @example for (const epoch of fit(options)) if (epoch.best) kept = epoch.best;
 */
export function* fit({ train, validation, start, seed }: FitOptions): Generator<Epoch, void> {
  const random = seededRandom(seed);
  const current = { weights: start.weights.slice(), bias: start.bias.slice() };
  const step = batchStep(current, { train, start });
  let learningRate = LEARNING_RATE;
  let best: Parameters = start;
  let least = Infinity;
  let stale = 0;
  for (let epoch = 1; epoch <= MAX_EPOCHS && stale < PATIENCE.stop; epoch++) {
    const order = shuffledIndices(train.classes.length, random);
    let lossSum = 0;
    for (let at = 0; at < order.length; at += BATCH) {
      lossSum += step(order.subarray(at, at + BATCH), learningRate);
    }
    const { loss, accuracy } = measure(current, validation);
    const isBest = loss < least * (1 - MIN_GAIN);
    if (isBest) {
      least = loss;
      best = { weights: current.weights.slice(), bias: current.bias.slice() };
    }
    stale = isBest ? 0 : stale + 1;
    yield {
      epoch,
      trainLoss: lossSum / order.length,
      validationLoss: loss,
      validationAccuracy: accuracy,
      learningRate,
      ...(isBest && { best }),
    };
    if (stale > 0 && stale % PATIENCE.rate === 0) {
      learningRate /= 4;
      current.weights.set(best.weights);
      current.bias.set(best.bias);
    }
  }
}

/** One step on the mean gradient of some examples. @returns the sum of their losses */
function batchStep(
  current: Parameters,
  { train, start }: { train: LabelledVectors; start: Parameters },
): (batch: Uint32Array, learningRate: number) => number {
  const size = train.vectors.length / train.classes.length;
  const scores = new Float64Array(current.bias.length);
  const gradient = {
    weights: new Float32Array(current.weights.length),
    bias: new Float32Array(current.bias.length),
  };
  const weightSteps = new Adam(current.weights.length);
  const biasSteps = new Adam(current.bias.length);
  return (batch, learningRate) => {
    let loss = 0;
    for (const row of batch) {
      const vector = train.vectors.subarray(row * size, (row + 1) * size);
      loss += addGradient(current, { vector, truth: train.classes[row] ?? 0 }, { gradient, scores });
    }
    for (let at = 0; at < gradient.weights.length; at++) {
      const pull = L2 * ((current.weights[at] ?? 0) - (start.weights[at] ?? 0));
      gradient.weights[at] = (gradient.weights[at] ?? 0) / batch.length + pull;
    }
    for (let k = 0; k < gradient.bias.length; k++) {
      gradient.bias[k] = (gradient.bias[k] ?? 0) / batch.length;
    }
    weightSteps.step(current.weights, gradient.weights, learningRate);
    biasSteps.step(current.bias, gradient.bias, learningRate);
    return loss;
  };
}
