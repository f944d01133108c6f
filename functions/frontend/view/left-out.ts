import { HEAD_ID } from '../../../shared/core/head-definition.ts';
import { count } from './figures.ts';
import { ANY_HEAD, OWN_LABELS } from './head-summary.ts';
import { DEFAULT_TOP, isTop, MAX_TOP, type Question } from './question.ts';

/**
 * What a link asks that the page's controls cannot, and what is asked in its place: one sentence each. Nothing of a link is
 * dropped in silence.
 *
 * @example leftOut({ ...NO_QUESTION, top: '99999' }) // ['It asks for “99999” answers; …']
 */
export function leftOut(question: Question): readonly string[] {
  const { heads, labels, template, top } = question;
  const lists = heads.filter((head) => head !== OWN_LABELS && head !== ANY_HEAD);
  const [list] = lists;
  const said: string[] = [];
  if (labels.length > 0) {
    if (list !== undefined) said.push('It names both a list and words; the words are asked.');
  } else if (heads.length > 1) {
    said.push('It names several lists; here “Anything” asks the general ones at once, or choose one.');
  } else if (list !== undefined && !HEAD_ID.pattern.test(list)) {
    said.push(`“${list}” is no name of a list; “Anything” is chosen.`);
  }
  if (template !== '' && labels.length === 0 && !heads.includes(OWN_LABELS)) {
    said.push('Its sentence has no words to go with it.');
  }
  if (top !== '' && !isTop(top)) {
    said.push(`It asks for “${top}” answers; ${DEFAULT_TOP} are chosen, of up to ${count(MAX_TOP)}.`);
  }
  return said;
}
