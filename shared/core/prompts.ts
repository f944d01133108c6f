import type { HeadLabel } from './head.ts';

/** More templates than these bring no accuracy worth their time. */
export const MAX_TEMPLATES = 8;

const SLOT = '{}';
/** An article at the end of the text before the slot. */
const ARTICLE_BEFORE = /(^|\s)(?:an?|the)\s+$/iu;
/** A label that brings a determiner of its own, as people write it: `a red fox`, `my cat`. */
const DETERMINED = /^(?:an?|the|my|your|his|her|its|our|their|this|that|these|those|some|no)\s+\S/iu;

/** True for a text that holds `{}` exactly once: the place of the label. */
export function isTemplate(text: string): boolean {
  return text.split(SLOT).length === 2;
}

/**
 * The label in its place. Where it brings an article or the like along, the template's own article gives way: nobody writes
 * `a photo of a my cat`, so neither encoder has met it.
 * @example fillTemplate('a photo of a {}.', 'wolf') // 'a photo of a wolf.'
 * @example fillTemplate('a photo of a {}.', 'the red fox') // 'a photo of the red fox.'
 * @throws RangeError when the template does not hold `{}` exactly once
 */
export function fillTemplate(template: string, label: string): string {
  const [before, after, ...more] = template.split(SLOT);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new RangeError(
      `Expected a text with one {} for \`template\` but received ${JSON.stringify(template)}.`,
    );
  }
  const lead = DETERMINED.test(label) ? before.replace(ARTICLE_BEFORE, '$1') : before;
  return lead + label + after;
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
