import type { FieldError } from '../../../shared/core/errors.ts';
import { invalidRequest } from './invalid-request.ts';

export const MAX_TEXTS = 256;
export const MAX_TEXT_CHARACTERS = 1_000;

/**
 * `texts` of a JSON body, to be embedded.
 * @throws AppError bad-request naming each one that is no text of 1 to 1,000 characters
 */
export function readTexts(texts: readonly unknown[]): readonly string[] {
  if (texts.length === 0 || texts.length > MAX_TEXTS) {
    const message = `Expected 1 to ${MAX_TEXTS} texts for \`texts\` but received ${texts.length}.`;
    throw invalidRequest([{ field: 'texts', message }]);
  }
  const errors = texts.flatMap((text, index): FieldError[] => {
    const isUsable = typeof text === 'string' && text.trim() !== '' && text.length <= MAX_TEXT_CHARACTERS;
    if (isUsable) return [];
    const field = `texts[${index}]`;
    const received = typeof text === 'string' ? `${text.length}` : 'other JSON';
    const expected = `a text of 1 to ${MAX_TEXT_CHARACTERS} characters`;
    return [{ field, message: `Expected ${expected} for \`${field}\` but received ${received}.` }];
  });
  if (errors.length > 0) throw invalidRequest(errors);
  return texts as readonly string[];
}
