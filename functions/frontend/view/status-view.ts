import type { ClipStatus, Share } from './clip-status.ts';
import { byteCount, count, duration, milliseconds, shortHash } from './figures.ts';
import { headTable } from './head-table.ts';
import { html, type Html, type HtmlValue } from './html.ts';
import { replicaTotals } from './replica-totals.ts';
import type { ServedHead } from './served-head.ts';
import { trainingSummary, type TrainerReport } from './training-summary.ts';

/** What is known of `clip` and `trainer` at one time. */
export interface StatusReport {
  readonly status: ClipStatus;
  /** Undefined where the list could not be had. */
  readonly heads: readonly ServedHead[] | undefined;
  readonly trainer: TrainerReport;
}

/** From here on a bar warns: what comes in bursts may soon be refused. */
const NEARLY_FULL = 0.85;

/** All figures. The server writes them into the page, and the browser the same ones over them. */
export function statusView({ status, heads, trainer }: StatusReport): Html {
  return html`
    ${summary(status)}
    <dl class="tiles">
      ${pictures(status)} ${latency(status)} ${load(status)} ${memory(status)} ${cache(status)}
      ${requests(status)}
    </dl>
    ${headTable(heads)} ${trainingSummary(trainer)}
    <div class="pair">${models(status)} ${replicaTotals(status)}</div>
  `;
}

function summary({ isReady, uptimeSeconds, replica, software }: ClipStatus): Html {
  const build = software.build === '' ? '' : `, build ${shortHash(software.build)}`;
  return html`<p class="summary">
    <strong class="${isReady ? 'state ready' : 'state'}">${isReady ? 'Ready' : 'Loading its heads'}</strong>
    <span
      >${uptimeSeconds !== undefined && `up for ${duration(uptimeSeconds)}`}${
        software.version !== '' && html`, version <span class="figure">${software.version}${build}</span>`
      }</span
    >
    ${replica !== '' && html`<small>This is what replica <code>${replica}</code> says.</small>`}
  </p>`;
}

function tile(title: string, value: HtmlValue, details: HtmlValue): Html {
  return html`<div class="tile">
    <dt>${title}</dt>
    <dd class="value">${value}</dd>
    <dd class="details">${details}</dd>
  </div>`;
}

function pictures({ pictures: { hit, miss, shared, refused, busy, failed } }: ClipStatus): Html {
  return tile(
    'Pictures answered',
    count(hit + miss + shared),
    html`${count(miss)} looked at, ${count(hit)} known already, ${count(shared)} shared with another request.
      ${refused > 0 && html`${count(refused)} could not be read. `}
      ${busy > 0 && html`${count(busy)} were turned away, there being too much to do. `}
      <span class="${failed > 0 ? 'failed' : ''}">${count(failed)} failed.</span>`,
  );
}

function latency({ latencyMs }: ClipStatus): Html {
  if (latencyMs === undefined) return tile('Time to an answer', '–', 'Nothing was asked yet.');
  return tile(
    'Time to an answer',
    milliseconds(latencyMs.p50),
    html`half of the last requests were quicker; 90${'\u202F'}% within ${milliseconds(latencyMs.p90)},
    99${'\u202F'}% within ${milliseconds(latencyMs.p99)}`,
  );
}

function load({ pictureQueue, bodyBytes }: ClipStatus): Html {
  const limit = pictureQueue.limit === undefined ? '' : `, ${count(pictureQueue.limit)} at most`;
  return tile(
    'In hand now',
    `${count(pictureQueue.used)} ${pictureQueue.used === 1 ? 'picture' : 'pictures'}`,
    html`waiting or being looked at${limit}; ${byteCount(bodyBytes.used)} of requests held
    ${bar(pictureQueue)}`,
  );
}

function memory({ memoryBytes }: ClipStatus): Html | undefined {
  if (memoryBytes === undefined) return undefined;
  const { used, limit } = memoryBytes;
  const share = limit === undefined ? 'no limit is set' : `of ${byteCount(limit)} that it may use`;
  return tile('Memory', byteCount(used), html`${share} ${bar(memoryBytes)}`);
}

function cache({ cacheBytes }: ClipStatus): Html {
  const { entries, limit } = cacheBytes;
  if (limit === 0) return tile('Known pictures', 'none', 'Keeping embeddings is turned off.');
  return tile(
    'Known pictures',
    count(entries),
    html`embeddings kept, ${byteCount(cacheBytes.used)}${limit !== undefined && ` of ${byteCount(limit)}`}
    ${bar(cacheBytes)}`,
  );
}

function requests({ requests: classes }: ClipStatus): Html {
  const total = classes.reduce((sum, [, times]) => sum + times, 0);
  const parts = classes.map(([statusClass, times]) => `${count(times)} × ${statusClass}`);
  return tile('Requests', count(total), parts.length === 0 ? 'none yet' : parts.join(', '));
}

/** Drawn with attributes: a strict policy for styles forbids a width of its own for each. The words beside it say the same. */
function bar({ used, limit }: Share): Html | undefined {
  if (limit === undefined || limit === 0) return undefined;
  const share = Math.min(1, used / limit);
  return html`<svg
    class="${share >= NEARLY_FULL ? 'bar full' : 'bar'}"
    aria-hidden="true"
    focusable="false"
    width="100%"
    height="6"
  >
    <rect class="track" width="100%" height="6" rx="3"></rect>
    <rect class="fill" width="${(100 * share).toFixed(1)}%" height="6" rx="3"></rect>
  </svg>`;
}

function models({ model, models: ids }: ClipStatus): Html {
  const others = ids.filter((id) => id !== model.id);
  return html`<section class="panel" aria-labelledby="models-title">
    <h2 id="models-title">Models</h2>
    <table class="facts">
      <caption class="unseen-text">
        The models that can be asked
      </caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Revision</th>
          <th scope="col" class="figure">Embedding size</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">${model.title} <small>${model.id}, the default</small></th>
          <td><code>${shortHash(model.revision)}</code></td>
          <td class="figure">${model.embeddingSize ?? '–'}</td>
        </tr>
        ${others.map(
          (id) =>
            html`<tr>
              <th scope="row">${id} <small>loaded when it is asked for</small></th>
              <td>–</td>
              <td class="figure">–</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
