import { AppError } from '../../../shared/core/errors.ts';
import type { LinearHead } from '../../../shared/core/head.ts';
import { labelsToTrain } from '../../../shared/core/training/trained-head.ts';
import { splitPictures, type Split } from '../../../shared/core/training/split.ts';
import type { HeadStore } from '../../../shared/io/heads/head-store.ts';
import type { Example } from '../examples/example-store.ts';
import { countLabels } from '../routes/examples.ts';

export const MIN_CLASSES = 2;
export const MIN_EXAMPLES = 5;
/** Labels of a head beside those that it was made with. */
const MAX_CLASSES = 256;
/** Labels that a refusal names. */
const MAX_NAMED = 10;

/** All that is known before the first embedding is read. */
export interface TrainingPlan {
  readonly id: string;
  readonly title: string;
  readonly examples: readonly Example[];
  /** Pictures of each label. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of the head to be. */
  readonly labels: readonly string[];
  readonly split: Split;
  readonly seed: number;
  /** Whether the altered copies of the pictures count as well. */
  readonly augment: boolean;
  /** What the fit starts from; absent for a new head. */
  readonly start?: LinearHead;
  /** What is live now, for the figures before; absent for a new head. */
  readonly live?: LinearHead;
}

/**
 * @throws AppError `conflict` for fewer than two classes or too few examples in one; `not-ready` while the built-in
 *         heads are not known
 */
export async function planTraining(
  request: Pick<TrainingPlan, 'id' | 'seed' | 'augment'> & { title: string | undefined },
  examples: readonly Example[],
  heads: HeadStore,
): Promise<TrainingPlan> {
  const { id, seed, augment } = request;
  const counts = countLabels(examples);
  checkCounts(id, counts);
  const { current, isBuiltIn } = await heads.state(id);
  const live = current === undefined ? undefined : await heads.read(id, current);
  // A built-in head is always trained from version 0: what an earlier training spoiled is not carried on.
  const start = isBuiltIn ? await heads.read(id, '0') : undefined;
  return {
    id,
    title: request.title ?? live?.title ?? id,
    examples,
    counts,
    labels: labelsToTrain(Object.keys(counts), start),
    split: splitPictures(examples, seed),
    seed,
    augment,
    ...(start && { start }),
    ...(live && { live }),
  };
}

function checkCounts(id: string, counts: Readonly<Record<string, number>>): void {
  const classes = Object.entries(counts);
  const refuse = (message: string) => new AppError('conflict', message);
  if (classes.length < MIN_CLASSES) {
    throw refuse(
      `Expected examples of at least ${MIN_CLASSES} labels for the head ${id} but it has ${classes.length}.`,
    );
  }
  if (classes.length > MAX_CLASSES) {
    throw refuse(
      `Expected examples of at most ${MAX_CLASSES} labels for the head ${id} but it has ${classes.length}.`,
    );
  }
  const few = classes.filter(([, count]) => count < MIN_EXAMPLES);
  if (few.length > 0) {
    const named = few.slice(0, MAX_NAMED).map(([label, count]) => `${count} of "${label}"`);
    const others = few.length - named.length;
    const received = [...named, ...(others > 0 ? [`too few of ${others} more labels`] : [])].join(', ');
    throw refuse(`Expected at least ${MIN_EXAMPLES} examples of each label but there are ${received}.`);
  }
}
