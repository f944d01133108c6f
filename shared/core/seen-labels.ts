import type { LinearHead } from './head.ts';

/**
 * Whether a bundle met a label in training, by its words: without regard to case, an article in front, or blanks around.
 * @param seenLabels lower case; empty where the bundle does not say what it met
 * @returns undefined where the bundle does not say
 * @example isSeen('A wolf', new Set(['wolf'])) // true
 */
export function isSeen(label: string, seenLabels: ReadonlySet<string>): boolean | undefined {
  if (seenLabels.size === 0) return undefined;
  const words = label.trim().toLowerCase();
  return seenLabels.has(words) || seenLabels.has(words.replace(/^(?:a|an|the)\s+/, ''));
}

/**
 * The same of a label of a head: one whose weights were fitted to pictures knows its labels from those, whatever they are
 * called.
 */
export function isSeenOf(
  { kind }: Pick<LinearHead, 'kind'>,
  label: string,
  seenLabels: ReadonlySet<string>,
): boolean | undefined {
  return kind === 'zero-shot' ? isSeen(label, seenLabels) : true;
}
