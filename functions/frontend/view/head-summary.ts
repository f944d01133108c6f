import { count, milliseconds } from './figures.ts';
import { listOf, numberOf, recordOf, textOf } from './record.ts';

/** A head as `GET /heads` of `clip` lists it. */
export interface HeadSummary {
  readonly id: string;
  readonly title: string;
  readonly labelCount: number;
  /** Top-1 on held-out pictures, 0…1, where it was measured. */
  readonly accuracy?: number;
  /** Time that it adds to a picture's encoding. */
  readonly costMs?: number;
  /** False: it is only made when first asked for, which may take many seconds. */
  readonly isReady: boolean;
}

/** Stands for "whichever of the general heads is surest" in the form's field `head`. */
export const ANY_HEAD = '*';

/** The head under which own labels answer; in the form it stands for them. */
export const OWN_LABELS = 'labels';

/** Heads that make sense of any picture. One encode serves them all, so asking all of them costs next to nothing. */
const GENERAL_HEADS = ['cifar100', 'imagenet1k', 'dog-breeds'];
/** The head that every set has. */
const DEFAULT_HEAD = 'cifar100';

export const FALLBACK_HEADS: readonly HeadSummary[] = [
  { id: DEFAULT_HEAD, title: 'Everyday things', labelCount: 100, isReady: true },
];

export function readHeads(json: unknown): readonly HeadSummary[] {
  return listOf(recordOf(json).heads)
    .filter((entry) => textOf(entry.id) !== '' && entry.stale !== true)
    .map((entry) => {
      const accuracy = numberOf(entry.accuracy);
      const costMs = numberOf(entry.costMs);
      return {
        id: textOf(entry.id),
        title: textOf(entry.title) || textOf(entry.id),
        labelCount: numberOf(entry.labelCount) ?? 0,
        // A head that was never made has no version yet.
        isReady: textOf(entry.version) !== '',
        ...(accuracy === undefined ? {} : { accuracy }),
        ...(costMs === undefined ? {} : { costMs }),
      };
    });
}

/** The general heads that can answer at once. */
export function generalHeads(heads: readonly HeadSummary[]): readonly string[] {
  const there = GENERAL_HEADS.filter((id) => heads.some((head) => head.id === id && head.isReady));
  return there.length > 0 ? there : [DEFAULT_HEAD];
}

/** `*` and nothing at all become the general heads; other names stay. */
export function resolveHeads(asked: readonly string[], heads: readonly HeadSummary[]): readonly string[] {
  const named = asked.filter((id) => id !== ANY_HEAD);
  return named.length === asked.length && named.length > 0
    ? named
    : [...new Set([...generalHeads(heads), ...named])];
}

/**
 * @example describeHead({ id: 'cat-dog', title: 'Cat or dog', labelCount: 2, accuracy: 0.97, costMs: 0.01 })
 * // '2 labels · 97 % right · < 0.1 ms'
 */
export function describeHead(head: HeadSummary): string {
  return [
    `${count(head.labelCount)} labels`,
    head.accuracy === undefined ? '' : `${Math.floor(100 * head.accuracy)}\u202F% right`,
    head.costMs === undefined ? '' : milliseconds(head.costMs),
    head.isReady ? '' : 'slow the first time',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

export function titleOf(id: string, heads: readonly HeadSummary[]): string {
  if (id === OWN_LABELS) return 'Your own words';
  return heads.find((head) => head.id === id)?.title ?? id;
}
