import { listOf, numberOf, recordOf, textOf } from './record.ts';

/** Every head that `GET /heads` of `clip` lists, those that cannot answer now included. */
export interface ServedHead {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly labelCount: number;
  /** Top-1 on held-out pictures, 0…1, where it was measured. */
  readonly accuracy: number | undefined;
  readonly costMs: number | undefined;
  /** Content hash; empty while it is being made. */
  readonly version: string;
  /** Trained for another model: it has to be trained again. */
  readonly isStale: boolean;
}

/** @returns undefined for what is no list of heads */
export function readServedHeads(json: unknown): readonly ServedHead[] | undefined {
  const { heads } = recordOf(json);
  if (!Array.isArray(heads)) return undefined;
  return listOf(heads)
    .filter((head) => textOf(head.id) !== '')
    .map((head) => ({
      id: textOf(head.id),
      title: textOf(head.title) || textOf(head.id),
      kind: textOf(head.kind),
      labelCount: numberOf(head.labelCount) ?? 0,
      accuracy: numberOf(head.accuracy),
      costMs: numberOf(head.costMs),
      version: textOf(head.version),
      isStale: head.stale === true,
    }));
}
