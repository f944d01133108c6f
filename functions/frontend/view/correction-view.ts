import { trainedLabel } from '../../../shared/core/trained-label.ts';
import type { Answer } from './answer.ts';
import { OWN_LABELS, titleOf, type HeadSummary } from './head-summary.ts';
import { html, type Html } from './html.ts';

/** A network of its own on pixels: it learns from no examples. */
const DIGITS = 'digits';
/** The likeliest of the others are a click away; anything else is typed. */
const MAX_BUTTONS = 4;

/** The answers that can be corrected: of heads that learn from examples. */
export function correctable(answers: readonly Answer[]): readonly Answer[] {
  return answers.filter(({ head }) => head !== OWN_LABELS && head !== DIGITS);
}

/**
 * A form that sends the picture with the right label to a head's examples. Only the button of the typed label submits it, since
 * that is the one that Enter in a field stands for.
 * @param answers  those of `correctable`, at least one
 * @param hasToken whether the token is there already
 */
export function correctionView(
  answers: readonly Answer[],
  { heads, chosen, hasToken }: { heads: readonly HeadSummary[]; chosen: string; hasToken: boolean },
): Html {
  const answer = answers.find(({ head }) => head === chosen) ?? answers[0];
  return html`<form class="correction">
    ${
      answers.length > 1 &&
      html`<label>
        Of which list
        <select name="head">
          ${answers.map(
            ({ head }) =>
              html`<option value="${head}" ${head === answer?.head && html` selected`}>
                ${titleOf(head, heads)}
              </option>`,
          )}
        </select>
      </label>`
    }
    ${
      !hasToken &&
      html`<label>
        Token <small>of whoever runs this service; kept until this tab is closed</small>
        <input name="token" type="password" autocomplete="off" />
      </label>`
    }
    <p class="note">
      One click sends the picture with its right label as an example. A small copy, its hash and embeddings
      are then kept until somebody with the token removes them; send it only if you may pass it on.
    </p>
    <div class="actions">
      ${otherLabels(answer).map(
        (label) =>
          html`<button type="button" class="button plain small" data-label="${label}">
            It is ${label}
          </button>`,
      )}
    </div>
    <div class="row">
      <label class="grow">
        Another label
        <input name="label" type="text" maxlength="100" autocomplete="off" />
      </label>
      <button type="submit" class="button plain small">Send it</button>
    </div>
    <p class="outcome" role="status"></p>
  </form>`;
}

function otherLabels(answer: Answer | undefined): readonly string[] {
  const labels = answer?.predictions.map(({ label }) => label) ?? [];
  const wrong = answer?.confident === true ? labels.slice(1) : labels;
  return wrong.filter((label) => trainedLabel(label) === label).slice(0, MAX_BUTTONS);
}
