/**
 * How long a training of 1,000 examples takes, beside plain gradient descent on the same ones.
 *
 *   npx tsx scripts/bench/training.ts
 */
import { fileURLToPath } from 'node:url';
import { l2Normalise } from '../../shared/core/scoring.ts';
import { fit } from '../../shared/core/training/fit.ts';
import { seededRandom } from '../../shared/core/training/random.ts';
import {
  addGradient,
  measure,
  type LabelledVectors,
  type Parameters,
} from '../../shared/core/training/softmax-regression.ts';
import { markdownTable, milliseconds, type BenchRow } from './markdown-table.ts';

/** As many as the goal names; each example is trained with its augmented copies. */
const SHAPE = { classes: 10, examples: 1_000, copies: 4, size: 512 };
const GOAL_MS = 3_000;
/** Plain gradient descent has no rule to end by: as many steps as are commonly given to it. */
const BASELINE = { steps: 100, learningRate: 10 };

interface Trained {
  readonly ms: number;
  readonly accuracy: number;
}

/** Rows of the table: the time of a training, and how well it does on examples that it has not seen. */
export function benchTraining(shape: typeof SHAPE = SHAPE): readonly BenchRow[] {
  const train = drawExamples(shape, 1);
  const validation = drawExamples({ ...shape, examples: shape.examples / 4, copies: 0 }, 2);
  const unseen = drawExamples({ ...shape, copies: 0 }, 3);
  const start = {
    weights: new Float32Array(shape.classes * shape.size),
    bias: new Float32Array(shape.classes),
  };
  const ours = timed(unseen, () => {
    let best: Parameters = start;
    for (const epoch of fit({ train, validation, start, seed: 0 })) best = epoch.best ?? best;
    return best;
  });
  const plain = timed(unseen, () => descend(train, start));
  const percent = ({ accuracy }: Trained) => `${(100 * accuracy).toFixed(1)} %`;
  const what = `training ${shape.examples} examples of ${shape.classes} classes, ${shape.copies} copies each`;
  return [
    {
      what,
      value: milliseconds(ours.ms),
      baseline: `${milliseconds(plain.ms)}, ${BASELINE.steps} steps of plain gradient descent`,
      ratio: ours.ms / plain.ms,
      goal: `< ${milliseconds(GOAL_MS)}`,
      isMet: ours.ms < GOAL_MS,
    },
    {
      what: 'accuracy of it on unseen examples',
      value: percent(ours),
      baseline: `${percent(plain)}, plain gradient descent`,
      ratio: ours.accuracy / plain.accuracy,
    },
  ];
}

function timed(unseen: LabelledVectors, train: () => Parameters): Trained {
  const startMs = performance.now();
  const parameters = train();
  const ms = performance.now() - startMs;
  return { ms, accuracy: measure(parameters, unseen).accuracy };
}

/** All examples, one step, again and again. */
function descend(train: LabelledVectors, start: Parameters): Parameters {
  const size = train.vectors.length / train.classes.length;
  const current = { weights: start.weights.slice(), bias: start.bias.slice() };
  const scores = new Float64Array(start.bias.length);
  for (let step = 0; step < BASELINE.steps; step++) {
    const gradient = {
      weights: new Float32Array(start.weights.length),
      bias: new Float32Array(start.bias.length),
    };
    for (const [row, truth] of train.classes.entries()) {
      const vector = train.vectors.subarray(row * size, (row + 1) * size);
      addGradient(current, { vector, truth }, { gradient, scores });
    }
    const rate = BASELINE.learningRate / train.classes.length;
    for (const name of ['weights', 'bias'] as const) {
      for (const [at, slope] of gradient[name].entries()) {
        current[name][at] = (current[name][at] ?? 0) - rate * slope;
      }
    }
  }
  return current;
}

/** Embeddings of pictures that are alike within a class, and of copies that are more alike still. */
function drawExamples(shape: typeof SHAPE, seed: number): LabelledVectors {
  const { classes, examples, copies, size } = shape;
  const centreRandom = seededRandom(0);
  const random = seededRandom(seed);
  const draw = (from: () => number) =>
    l2Normalise(Float32Array.from({ length: size }, () => from() + from() - 1));
  const near = (centre: Float32Array, spread: number) => {
    const noise = draw(random);
    return l2Normalise(centre.map((value, at) => value + spread * (noise[at] ?? 0)));
  };
  const centres = Array.from({ length: classes }, () => draw(centreRandom));
  const rows = examples * (copies + 1);
  const vectors = new Float32Array(rows * size);
  const labels = new Int32Array(rows);
  for (let example = 0, row = 0; example < examples; example++) {
    const label = example % classes;
    const picture = near(centres[label] ?? new Float32Array(size), 6);
    for (let copy = 0; copy <= copies; copy++, row++) {
      vectors.set(copy === 0 ? picture : near(picture, 0.6), row * size);
      labels[row] = label;
    }
  }
  return { vectors, classes: labels };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(markdownTable(benchTraining()));
