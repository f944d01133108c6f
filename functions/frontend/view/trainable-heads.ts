import type { HeadSummary } from './head-summary.ts';
import { listOf, recordOf, textOf } from './record.ts';

export interface TrainableHead {
  readonly id: string;
  readonly title: string;
}

/** A network of its own on pixels: there are no embeddings to train it on. */
const DIGITS = 'digits';

/**
 * The heads that can be trained: those that clip serves, and those that have only examples so far.
 * @param trainerHeads answer of `GET /heads` of trainer; whatever is none adds nothing
 */
export function trainableHeads(
  served: readonly HeadSummary[],
  trainerHeads: unknown,
): readonly TrainableHead[] {
  const known = served.filter(({ id }) => id !== DIGITS).map(({ id, title }) => ({ id, title }));
  const others = listOf(recordOf(trainerHeads).heads)
    .map(({ id }) => textOf(id))
    .filter((id) => id !== '' && !known.some((head) => head.id === id));
  return [...known, ...others.map((id) => ({ id, title: id }))];
}
