import type { Answer, AnsweredLabel } from './answer.ts';
import { percent, similarity } from './figures.ts';
import { OWN_LABELS, titleOf, type HeadSummary } from './head-summary.ts';
import { html, type Html } from './html.ts';

/**
 * Everything that was answered about one picture: the answer to believe, and the others folded away.
 * @param answers in the order of `readAnswers`, at least one
 */
export function resultView(answers: readonly Answer[], heads: readonly HeadSummary[]): Html {
  const [first, ...others] = answers;
  if (first === undefined) return html`<p class="verdict">No answer came back.</p>`;
  return html`
    ${verdict(first, answers.length > 1)} ${scoreTable(first, heads)}
    ${
      others.length > 0 &&
      html`<details class="others">
        <summary>Also asked: ${others.map((answer) => titleOf(answer.head, heads)).join(', ')}</summary>
        ${others.map((answer) => scoreTable(answer, heads))}
      </details>`
    }
  `;
}

/** One line for people who hear the page instead of seeing it. */
export function spokenResult(name: string, answers: readonly Answer[]): string {
  const answer = answers[0];
  const top = answer?.predictions[0];
  if (answer === undefined || top === undefined) return `${name}: no answer came back.`;
  if (isAlone(answer)) return `${name}: ${top.label} ${aloneFit(answer)}.`;
  const best = `${top.label}, ${percent(top.score).replaceAll('\u202F', ' ')}`;
  if (answer.confident) return `${name}: ${best}.`;
  if (answer.hint !== undefined) return `${name}: not sure. ${answer.hint}`;
  return `${name}: none of these fits. Closest is ${best}.`;
}

/**
 * The result in a few words, for a list of past ones.
 * @returns a score only where it says something
 */
export function shortResult(answer: Answer): { readonly said: string; readonly score: number | undefined } {
  const { label = '', score } = answer.predictions[0] ?? {};
  if (isAlone(answer)) return { said: `${label} ${aloneFit(answer)}`, score: undefined };
  if (answer.confident) return { said: label, score };
  if (answer.hint !== undefined) return { said: 'Not sure', score: undefined };
  return { said: `None fits; closest ${label}`, score };
}

/** One label alone has the whole softmax: its score says nothing, since there is nothing to compare it with. */
function isAlone({ predictions }: Answer): boolean {
  return predictions.length === 1 && predictions[0]?.score === 1;
}

/** What a label without others is told by, in place of a score. */
function aloneFit({ confident }: Answer): string {
  return confident ? 'fits well' : 'does not fit well';
}

function verdict(answer: Answer, isOneOfSeveral: boolean): Html {
  const top = answer.predictions[0];
  if (isAlone(answer)) {
    return html`<p class="${answer.confident ? 'verdict' : 'verdict unsure'}">
        <strong>${top?.label}</strong> <span>${aloneFit(answer)}</span>
      </p>
      <p class="note">
        One word alone has no score: there is nothing to compare it with. Add others to see which fits best.
      </p>`;
  }
  if (answer.confident) {
    return html`<p class="verdict">
      <strong>${top?.label ?? ''}</strong> <span>${percent(top?.score ?? 0)}</span>
    </p>`;
  }
  if (answer.hint !== undefined) {
    return html`<p class="verdict unsure"><strong>Not sure.</strong></p>
      <p class="note">${answer.hint}</p>`;
  }
  if (answer.head === OWN_LABELS) {
    return html`<p class="verdict unsure"><strong>None of these fits.</strong></p>
      <p class="note">None of your words suits this picture well. These came closest.</p>`;
  }
  const lists = isOneOfSeveral ? 'None of these lists has' : 'This list has no';
  return html`<p class="verdict unsure"><strong>None of these fits.</strong></p>
    <p class="note">
      ${lists}${isOneOfSeveral ? ' a' : ''} word that suits this picture well. These came closest; words of
      your own may do better.
    </p>`;
}

/** Whether every label has the same score, so that bars would say nothing. */
function isLevel({ predictions }: Answer): boolean {
  const [first] = predictions;
  return predictions.length > 1 && predictions.every(({ score }) => score === first?.score);
}

function scoreTable(answer: Answer, heads: readonly HeadSummary[]): Html | undefined {
  if (answer.hint !== undefined && isLevel(answer)) return undefined;
  const columns = {
    score: !isAlone(answer),
    similarity: answer.predictions.some((prediction) => prediction.similarity !== undefined),
  };
  const hasUnseen = answer.predictions.some((prediction) => prediction.seen === false);
  return html`<table class="${answer.confident ? 'scores' : 'scores unsure'}">
      <caption>
        ${titleOf(answer.head, heads)}
      </caption>
      <thead>
        <tr>
          <th scope="col">Label</th>
          ${columns.score && html`<th scope="col" class="figure">Score</th>`}
          ${columns.similarity && html`<th scope="col" class="figure">Similarity</th>`}
        </tr>
      </thead>
      <tbody>
        ${answer.predictions.map((prediction) => scoreRow(prediction, columns))}
      </tbody>
    </table>
    ${
      hasUnseen &&
      html`<p class="note">
        <span class="unseen">new word</span> The model never met this word in training; it guesses from words
        like it.
      </p>`
    }`;
}

/** The bar is drawn with attributes: a strict policy for styles forbids a width of its own for each. */
function scoreRow(
  prediction: AnsweredLabel,
  columns: { readonly score: boolean; readonly similarity: boolean },
): Html {
  return html`<tr>
    <th scope="row">
      ${prediction.label}${prediction.seen === false && html` <span class="unseen">new word</span>`}
      ${columns.score && bar(prediction.score)}
    </th>
    ${columns.score && html`<td class="figure">${percent(prediction.score)}</td>`}
    ${
      columns.similarity &&
      html`<td class="figure quiet">
        ${prediction.similarity === undefined ? '–' : similarity(prediction.similarity)}
      </td>`
    }
  </tr>`;
}

function bar(score: number): Html {
  const width = Math.min(100, Math.max(0, 100 * score)).toFixed(2);
  return html`<svg class="bar" aria-hidden="true" focusable="false" width="100%" height="6">
    <rect class="track" width="100%" height="6" rx="3"></rect>
    <rect class="fill" width="${width}%" height="6" rx="3"></rect>
  </svg>`;
}
