import type { ClipStatus, ReplicaTotals } from './clip-status.ts';
import { count, minuteOf } from './figures.ts';
import { html, type Html } from './html.ts';

/** Totals over all replicas where they leave them in a store, and otherwise plainly that these figures are of one. */
export function replicaTotals({ replicas, replica }: ClipStatus): Html {
  return html`<section class="panel" aria-labelledby="replicas-title">
    <h2 id="replicas-title">Replicas</h2>
    <p class="note">
      The gateway hands each request to one replica, at random. All figures on this page but those in this
      section are of the one that answered, and the next answer may come from another.
    </p>
    ${
      replicas.length === 0
        ? html`<p class="note">
            Totals over all replicas need a store that they have in common (setting <code>STORE_URL</code>).
            There is none, or it does not answer.
          </p>`
        : table(replicas, replica)
    }
  </section>`;
}

function table(replicas: readonly ReplicaTotals[], own: string): Html {
  const sum = (member: 'requests' | 'pictures' | 'failedPictures'): string =>
    count(replicas.reduce((total, replica) => total + replica[member], 0));
  return html`<table class="facts">
    <caption>
      Totals of each replica since its start, as it told them in the last ten seconds.
    </caption>
    <thead>
      <tr>
        <th scope="col">Replica</th>
        <th scope="col" class="figure">Requests</th>
        <th scope="col" class="figure">Pictures</th>
        <th scope="col" class="figure">Failed</th>
      </tr>
    </thead>
    <tbody>
      ${replicas.map(
        (beat) =>
          html`<tr>
            <th scope="row">
              <code>${beat.replica}</code>
              <small>${beat.replica === own && 'answered just now, '}since ${minuteOf(beat.startedAt)}</small>
            </th>
            <td class="figure">${count(beat.requests)}</td>
            <td class="figure">${count(beat.pictures)}</td>
            <td class="figure">${count(beat.failedPictures)}</td>
          </tr>`,
      )}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row">All ${replicas.length}</th>
        <td class="figure">${sum('requests')}</td>
        <td class="figure">${sum('pictures')}</td>
        <td class="figure">${sum('failedPictures')}</td>
      </tr>
    </tfoot>
  </table>`;
}
