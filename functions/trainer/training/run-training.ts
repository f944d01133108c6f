import { AppError } from '../../../shared/core/errors.ts';
import { holdOutFigures, type HoldOutFigures } from '../../../shared/core/training/hold-out-figures.ts';
import type { Parameters } from '../../../shared/core/training/softmax-regression.ts';
import { startParameters, trainedHead } from '../../../shared/core/training/trained-head.ts';
import type { HeadStore, VersionRecord } from '../../../shared/io/heads/head-store.ts';
import type { Caller } from '../classifier.ts';
import type { Services } from '../services.ts';
import { fitInWorker } from './fit-in-worker.ts';
import { labelledVectors, loadVectors, type EmbeddingEvent } from './load-vectors.ts';
import type { TrainingPlan } from './plan.ts';

export type TrainingEvent =
  | {
      readonly event: 'start';
      readonly head: string;
      readonly labels: Readonly<Record<string, number>>;
      readonly pictures: { readonly train: number; readonly validation: number; readonly holdOut: number };
    }
  | EmbeddingEvent
  | {
      readonly event: 'epoch';
      readonly epoch: number;
      readonly trainLoss: number;
      readonly validationLoss: number;
      readonly validationAccuracy: number;
      readonly learningRate: number;
    }
  | {
      readonly event: 'done';
      readonly version: string;
      /** Of the version that was live; null where there was none. */
      readonly before: HoldOutFigures | null;
      readonly after: HoldOutFigures;
    };

export interface TrainingSurroundings {
  readonly services: Services;
  readonly caller: Caller;
  readonly heads: HeadStore;
  readonly revision: string;
  /** Numbers of an embedding. */
  readonly size: number;
  /** The client has left: nothing more is to be done, and nothing to be kept. */
  readonly gone: AbortSignal;
  /** The time is over: what is best so far is kept. */
  readonly late: AbortSignal;
}

/**
 * Trains a head and makes it live, telling how it goes. Whoever stops listening before `done` leaves everything as it
 * was.
 * @throws AppError when the examples cannot be embedded, the store fails, or the time did not suffice for one epoch
 */
export async function* runTraining(
  plan: TrainingPlan,
  surroundings: TrainingSurroundings,
): AsyncGenerator<TrainingEvent, void> {
  const { heads, revision, size, gone, late } = surroundings;
  const { examples, split, labels } = plan;
  const { train, validation, holdOut } = split;
  yield {
    event: 'start',
    head: plan.id,
    labels: plan.counts,
    pictures: { train: train.length, validation: validation.length, holdOut: holdOut.length },
  };
  const either = AbortSignal.any([gone, late]);
  const place = { head: plan.id, revision, size };
  const vectors = yield* loadVectors(examples, place, { ...surroundings, signal: either });
  const labelOf = (at: number) => examples[at]?.label ?? '';
  const data = { vectors, classOf: (at: number) => labels.indexOf(labelOf(at)) };
  let best: Parameters | undefined;
  const options = {
    train: labelledVectors(train, data, plan.augment),
    validation: labelledVectors(validation, data, false),
    start: startParameters(labels, size, plan.start),
    seed: plan.seed,
  };
  for await (const { best: better, ...epoch } of fitInWorker(options, either)) {
    best = better ?? best;
    yield { event: 'epoch', ...epoch };
  }
  gone.throwIfAborted();
  if (best === undefined) {
    throw new AppError(
      'conflict',
      'The time did not suffice for one pass over the examples. Train with fewer.',
    );
  }
  const embeddingOf = (at: number) => vectors[at]?.[0] ?? new Float32Array(size);
  const head = await trainedHead(best, {
    id: plan.id,
    title: plan.title,
    labels,
    bundleRevision: revision,
    validation: validation.map(embeddingOf),
  });
  const heldOut = holdOut.map((at) => ({ label: labelOf(at), embedding: embeddingOf(at) }));
  const after = holdOutFigures(head, heldOut);
  const before = plan.live === undefined ? null : holdOutFigures(plan.live, heldOut);
  const record: VersionRecord = {
    version: head.version,
    createdAt: new Date().toISOString(),
    examples: examples.length,
    labels: plan.counts,
    augmented: plan.augment,
    ...(plan.start && { from: '0' }),
    ...(before && { before }),
    after,
  };
  gone.throwIfAborted();
  await heads.publish({ ...head, accuracy: after.accuracy.value }, record);
  yield { event: 'done', version: head.version, before, after };
}
