import { HEAD_ID } from '../../../shared/core/head-definition.ts';
import { ANY_HEAD, describeHead, OWN_LABELS, type HeadSummary } from './head-summary.ts';
import { html, type Html } from './html.ts';

/**
 * Radio buttons for the heads. They belong to the form `ask`, wherever on the page they stand.
 * @param chosen id of a head, `*` or `labels`; one that is not listed is offered all the same: a head that was trained
 *               just now is linked to before every list has it
 */
export function headChoices(heads: readonly HeadSummary[], chosen: string): Html {
  const isListed = [ANY_HEAD, OWN_LABELS, ...heads.map((head) => head.id)].includes(chosen);
  const isNew = !isListed && HEAD_ID.pattern.test(chosen);
  const known = isListed || isNew ? chosen : ANY_HEAD;
  const choice = (value: string, title: string, detail: string): Html =>
    html`<label class="choice">
      <input type="radio" name="head" form="ask" value="${value}" ${known === value && html` checked`} />
      <span><b>${title}</b> <small>${detail}</small></span>
    </label>`;
  return html`
    ${choice(ANY_HEAD, 'Anything', 'asks every general list, leads with the best fit')}
    ${heads.map((head) => choice(head.id, head.title, describeHead(head)))}
    ${isNew && choice(chosen, chosen, 'not in the list of heads yet')}
    ${choice(OWN_LABELS, 'Your own words', 'any labels you like')}
  `;
}

/** Which choice a question is. */
export function choiceOf(question: { heads: readonly string[]; labels: readonly string[] }): string {
  if (question.labels.length > 0) return OWN_LABELS;
  const [head, ...others] = question.heads;
  return head === undefined || others.length > 0 ? ANY_HEAD : head;
}
