import { count, milliseconds, percent, shortHash } from './figures.ts';
import { html, type Html } from './html.ts';
import type { ServedHead } from './served-head.ts';

/** The heads of the default model, a row each. @param heads undefined where the list could not be had */
export function headTable(heads: readonly ServedHead[] | undefined): Html {
  return html`<section class="panel" aria-labelledby="heads-title">
    <h2 id="heads-title">Heads</h2>
    ${
      heads === undefined
        ? html`<p class="note">The list of heads could not be had just now.</p>`
        : heads.length === 0
          ? html`<p class="note">There is no head.</p>`
          : table(heads)
    }
  </section>`;
}

function table(heads: readonly ServedHead[]): Html {
  return html`<table class="facts heads">
    <caption>
      Lists of labels that a picture is compared with. “Right” is the share of test pictures whose first
      answer was correct; “Cost” is the time that a list adds to looking at the picture.
    </caption>
    <thead>
      <tr>
        <th scope="col">Head</th>
        <th scope="col" class="figure">Labels</th>
        <th scope="col" class="figure">Right</th>
        <th scope="col" class="figure">Cost</th>
      </tr>
    </thead>
    <tbody>
      ${heads.map(row)}
    </tbody>
  </table>`;
}

function row(head: ServedHead): Html {
  return html`<tr>
    <th scope="row">
      ${head.title}
      <small>
        ${[head.id, head.kind].filter((part) => part !== '').join(', ')}${
          head.version !== '' && html`, version <code>${shortHash(head.version)}</code>`
        }
      </small>
      ${remark(head)}
    </th>
    <td class="figure">${head.isStale ? '–' : count(head.labelCount)}</td>
    <td class="figure">${head.accuracy === undefined ? '–' : percent(head.accuracy)}</td>
    <td class="figure">${head.costMs === undefined ? '–' : milliseconds(head.costMs)}</td>
  </tr>`;
}

function remark({ isStale, version }: ServedHead): Html | undefined {
  if (isStale) {
    return html`<span class="unseen">stale</span>
      <small>Trained for another model; train it again to use it.</small>`;
  }
  if (version === '') return html`<span class="unseen">being made</span>`;
  return undefined;
}
