import { count, minuteOf, share, shortHash } from './figures.ts';
import { html, type Html } from './html.ts';
import type { HeadVersion, TrainedHead } from './training-record.ts';

/**
 * All versions of a head, the newest first.
 * @param canRollBack whether each of the others gets a button that makes it live
 */
export function versionTable(head: TrainedHead, canRollBack: boolean): Html {
  if (head.versions.length === 0) {
    return html`<p class="note">
      This head was not trained yet${head.isStale && ' for the model that is served now'}.
    </p>`;
  }
  return html`<table class="facts versions">
    <caption>
      Each training makes a version of its own. Accuracy is that of its own hold-out, before and after the
      training.
    </caption>
    <thead>
      <tr>
        <th scope="col">Version</th>
        <th scope="col" class="figure">Pictures</th>
        <th scope="col" class="figure">Before → after</th>
        ${canRollBack && html`<th scope="col"><span class="unseen-text">Choose it</span></th>`}
      </tr>
    </thead>
    <tbody>
      ${head.versions.map((version) => row(version, canRollBack))}
    </tbody>
  </table>`;
}

function row(version: HeadVersion, canRollBack: boolean): Html {
  const { isLive, createdAt, examples, before, after } = version;
  const name = nameOf(version.version);
  return html`<tr>
    <th scope="row">
      <code>${name}</code> ${isLive && html`<span class="live">live</span>`}
      <small>${version.version === '0' ? 'built in' : `trained ${minuteOf(createdAt)}`}</small>
    </th>
    <td class="figure">${examples === undefined ? '–' : count(examples)}</td>
    <td class="figure">
      ${after === undefined ? '–' : `${before === undefined ? 'new' : share(before.accuracy)} → ${share(after.accuracy)}`}
    </td>
    ${
      canRollBack &&
      html`<td class="figure">
        ${
          !isLive &&
          html`<button
            type="button"
            class="button plain small"
            data-action="roll-back"
            data-version="${version.version}"
            aria-label="Make version ${name} live"
          >
            Make live
          </button>`
        }
      </td>`
    }
  </tr>`;
}

/** @example nameOf('0') // '0' */
export function nameOf(version: string): string {
  return version === '0' ? '0' : shortHash(version);
}
