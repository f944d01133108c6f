import { invalidFields, quote, type FieldError } from './errors.ts';
import type { HeadDefinition } from './head.ts';
import { isTemplate } from './prompts.ts';

/** The head that own labels answer under. */
export const OWN_LABELS_ID = 'labels';
/** CLIP's plain prompt. @see Radford et al. 2021, §3.1.4 */
export const DEFAULT_TEMPLATE = 'a photo of a {}';
export const MAX_OWN_LABELS = 256;
export const MAX_LABEL_CHARACTERS = 200;

/**
 * MAX_LABEL_CHARACTERS of anything but control characters, lone surrogates and what turns the direction of a line around,
 * one at least that can be seen. Joiners are part of emoji and of words.
 */
const PRINTABLE = /^(?=.*[^\p{C}\p{Z}])[^\p{Cc}\p{Cs}\p{Bidi_Control}]{1,200}$/u;

/**
 * A head out of what a caller wrote: labels in their order, blanks around them not counted.
 * @example ownLabels(['my cat', 'a wolf']).labels.length // 2
 * @throws AppError bad-request naming `labels` and `template`, whichever are wrong
 */
export function ownLabels(labels: readonly string[], template: string = DEFAULT_TEMPLATE): HeadDefinition {
  const trimmed = labels.map((label) => label.trim());
  const fields = [...labelProblems(trimmed), ...templateProblems(template)];
  if (fields.length > 0) throw invalidFields(fields);
  return {
    id: OWN_LABELS_ID,
    title: 'Own labels',
    labels: trimmed.map((label) => ({ label })),
    templates: [template],
  };
}

function labelProblems(labels: readonly string[]): readonly FieldError[] {
  const problem = (expected: string, received: string): FieldError[] => [
    { field: 'labels', message: `Expected ${expected} for \`labels\` but received ${received}.` },
  ];
  if (labels.length === 0 || labels.length > MAX_OWN_LABELS) {
    return problem(`1 to ${MAX_OWN_LABELS} labels`, String(labels.length));
  }
  const bad = labels.find((label) => !PRINTABLE.test(label));
  if (bad !== undefined) {
    return problem(`printable texts of 1 to ${MAX_LABEL_CHARACTERS} characters`, quote(bad));
  }
  // An accent may stand as one character or two: they look alike and are one to the model.
  const composed = labels.map((label) => label.normalize());
  const twice = composed.find((label, index) => composed.indexOf(label) !== index);
  return twice === undefined ? [] : problem('labels that differ', `${quote(twice)} twice`);
}

function templateProblems(template: string): readonly FieldError[] {
  const isUsable = PRINTABLE.test(template) && isTemplate(template);
  if (isUsable) return [];
  const expected = `a printable text of at most ${MAX_LABEL_CHARACTERS} characters with one {}`;
  return [
    { field: 'template', message: `Expected ${expected} for \`template\` but received ${quote(template)}.` },
  ];
}
