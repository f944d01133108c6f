import { html, type Html } from './html.ts';
import type { HoldOut } from './training-record.ts';

/** More columns than this do not fit beside one another: then the commonest mistakes are listed. */
const MAX_COLUMNS = 8;
const MAX_MISTAKES = 12;
/** Shades of a cell, by its share of the row. */
const SHADES = 5;

/** Which label was answered for which. */
export function confusionView(title: string, figures: HoldOut): Html {
  return figures.labels.length <= MAX_COLUMNS ? matrix(title, figures) : mistakes(title, figures);
}

function matrix(title: string, { labels, cells }: HoldOut): Html {
  const times = (truth: number, answer: number) =>
    cells.find(([row, column]) => row === truth && column === answer)?.[2] ?? 0;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}: what was taken for what">
    <table class="confusion">
      <caption>
        ${title}: rows are what a picture shows, columns what was answered
      </caption>
      <thead>
        <tr>
          <td></td>
          ${labels.map((label) => html`<th scope="col">${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${labels.map((label, truth) => {
          const counts = labels.map((_, answer) => times(truth, answer));
          const total = counts.reduce((sum, value) => sum + value, 0);
          return html`<tr>
            <th scope="row">${label}</th>
            ${counts.map((value, answer) => html`<td class="${shade(value / total, truth === answer)}">${value}</td>`)}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

/** @returns classes such as `right shade-5`; none for an empty cell or row */
function shade(share: number, isRight: boolean): string {
  if (!(share > 0)) return '';
  return `${isRight ? 'right' : 'wrong'} shade-${Math.ceil(SHADES * share)}`;
}

function mistakes(title: string, { labels, cells }: HoldOut): Html {
  const wrong = cells.filter(([truth, answer]) => truth !== answer).sort((a, b) => b[2] - a[2]);
  if (wrong.length === 0) return html`<p class="note">${title}: every picture was answered rightly.</p>`;
  return html`<table class="facts">
    <caption>
      ${title}: the commonest mistakes
    </caption>
    <thead>
      <tr>
        <th scope="col">Shows</th>
        <th scope="col">Answered</th>
        <th scope="col" class="figure">Times</th>
      </tr>
    </thead>
    <tbody>
      ${wrong.slice(0, MAX_MISTAKES).map(
        ([truth, answer, times]) =>
          html`<tr>
            <th scope="row">${labels[truth] ?? ''}</th>
            <td>${labels[answer] ?? ''}</td>
            <td class="figure">${times}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
