import { count, duration, minuteOf, share, shortHash } from './figures.ts';
import { html, type Html, type HtmlValue } from './html.ts';
import type { LastTraining, TrainerStatus, TrainingState } from './trainer-status.ts';

export interface TrainerReport {
  readonly state: TrainingState;
  /** Undefined where it is `absent` or `away`. */
  readonly status: TrainerStatus | undefined;
}

/** What the trainer did last, and whether it can. */
export function trainingSummary({ state, status }: TrainerReport): Html {
  return html`<section class="panel" aria-labelledby="training-title">
    <h2 id="training-title">Training</h2>
    ${status === undefined ? html`<p class="note">${missing(state)}</p>` : facts(status)}
  </section>`;
}

function missing(state: TrainingState): Html {
  return state === 'absent'
    ? html`This service runs without the function <code>trainer</code>. <a href="train">How to add it</a>.`
    : html`The function <code>trainer</code> does not answer, or is not installed.
        <a href="train">How to add it</a>.`;
}

function facts(status: TrainerStatus): Html {
  const { lastTraining, trainings, keptPictures, uptimeSeconds, canWrite, isTraining, hasStore } = status;
  return html`<table class="facts">
    <caption>
      The function
      <code>trainer</code
      >, which runs as one replica${uptimeSeconds !== undefined && `, up for ${duration(uptimeSeconds)}`}.
      Counts are since its start.
    </caption>
    <tbody>
      ${row('Last training', lastTraining === undefined ? 'none yet' : last(lastTraining))}
      ${row('Running now', isTraining ? 'yes' : 'no')}
      ${row('Trainings', `${count(trainings.done)} done, ${count(trainings.failed)} failed, ${count(trainings.cancelled)} cancelled`)}
      ${row('Examples added', count(keptPictures))}
      ${row('May be taught', canWrite ? 'yes, with the token' : 'no: no token is set')}
      ${!hasStore && row('Store', 'does not answer')}
    </tbody>
  </table>`;
}

function row(title: string, value: HtmlValue): Html {
  return html`<tr>
    <th scope="row">${title}</th>
    <td class="value-text">${value}</td>
  </tr>`;
}

function last({ head, title, version, createdAt, examples, before, after }: LastTraining): Html {
  const from = before === undefined ? 'new' : share(before);
  return html`<a href="train?head=${head}">${title}</a>, version <code>${shortHash(version)}</code>
    <small
      >${minuteOf(createdAt)}, ${count(examples)} pictures, accuracy on its hold-out ${from} →
      ${share(after)}</small
    >`;
}
