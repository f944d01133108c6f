import type { HeadLabel } from './head.ts';

/** More templates than these bring no accuracy worth their time. */
export const MAX_TEMPLATES = 8;

const SLOT = '{}';

/** True for a text that holds `{}` exactly once: the place of the label. */
export function isTemplate(text: string): boolean {
  return text.split(SLOT).length === 2;
}

/**
 * @example fillTemplate('a photo of a {}.', 'wolf') // 'a photo of a wolf.'
 * @throws RangeError when the template does not hold `{}` exactly once
 */
export function fillTemplate(template: string, label: string): string {
  const [before, after, ...more] = template.split(SLOT);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new RangeError(
      `Expected a text with one {} for \`template\` but received ${JSON.stringify(template)}.`,
    );
  }
  return before + label + after;
}

/**
 * All sentences that stand for one label: each of its prompts (or the label itself) in each template.
 * @example prompts `['wolf', 'grey wolf']` in `['{}', 'a {}']`: wolf, a wolf, grey wolf, a grey wolf
 */
export function promptsOf(
  { label, prompts = [label] }: HeadLabel,
  templates: readonly string[],
): readonly string[] {
  return prompts.flatMap((prompt) => templates.map((template) => fillTemplate(template, prompt)));
}
