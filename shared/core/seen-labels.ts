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
