/** What a label of a trained head may be: letters of any script, digits, space and a few signs, 1 to 100 characters. */
export const TRAINED_LABEL = {
  pattern: /^(?=.*[\p{L}\p{N}])[\p{L}\p{M}\p{N} _\-'.()]{1,100}$/u,
  expected: "a label of letters, digits, space and _-'.(), 1 to 100 characters,",
};

/**
 * A label without blanks around it, and in one form where Unicode has several.
 * @returns undefined for a text that is none
 * @example trainedLabel(' Hu\u0308ndin ') // 'Hündin'
 */
export function trainedLabel(text: string): string | undefined {
  const label = text.trim().normalize('NFC');
  return TRAINED_LABEL.pattern.test(label) ? label : undefined;
}

/**
 * A folder's name as a label: `_`, and what no label may hold, become a blank.
 * @returns an empty text where nothing is left
 * @example labelOfFolder('german_shepherd') // 'german shepherd'
 */
export function labelOfFolder(folder: string): string {
  const cleaned = folder.replace(/[^\p{L}\p{M}\p{N} _\-'.()]+/gu, ' ').replace(/[_\s]+/g, ' ');
  return trainedLabel(Array.from(cleaned.trim()).slice(0, 100).join('')) ?? '';
}
