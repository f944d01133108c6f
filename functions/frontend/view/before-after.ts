import { confusionView } from './confusion-view.ts';
import { count, share } from './figures.ts';
import { html, type Html } from './html.ts';
import type { ClassLine, HoldOut } from './training-record.ts';

const NONE = '–';

/** What a training changed, measured on the same pictures. @param before undefined where the head was new */
export function beforeAfter(before: HoldOut | undefined, after: HoldOut): Html {
  return html`
    <table class="facts">
      <caption>
        Measured on ${count(after.n)} pictures that this training did not see.
        ${before === undefined && 'The head is new: there is nothing before it.'} Precision, recall and F1 are
        means over the labels.
      </caption>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col" class="figure">Before</th>
          <th scope="col" class="figure">After</th>
          <th scope="col" class="figure">Change</th>
        </tr>
      </thead>
      <tbody>
        ${LINES.map(({ title, read, write, change }) => {
          const now = read(after);
          return html`<tr>
            <th scope="row">${title} ${remark(title, after)}</th>
            <td class="figure">${before === undefined ? NONE : write(read(before))}</td>
            <td class="figure">${write(now)}</td>
            <td class="figure">${before === undefined ? NONE : signed(change(now - read(before)))}</td>
          </tr>`;
        })}
      </tbody>
    </table>
    <details>
      <summary>What was taken for what</summary>
      <div class="pair">
        ${before !== undefined && confusionView('Before', before)} ${confusionView('After', after)}
      </div>
    </details>
    <details>
      <summary>Label by label, after</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Label by label">
        ${classTable(after.classes)}
      </div>
    </details>
  `;
}

interface Line {
  readonly title: string;
  readonly read: (figures: HoldOut) => number;
  readonly write: (figure: number) => string;
  /** A difference as it is written, with a plain minus. */
  readonly change: (difference: number) => string;
}

const proportion = { write: share, change: (difference: number) => (100 * difference).toFixed(1) };
const nats = {
  write: (loss: number) => loss.toFixed(3),
  change: (difference: number) => difference.toFixed(3),
};

const LINES: readonly Line[] = [
  { title: 'Accuracy', read: ({ accuracy }) => accuracy, ...proportion },
  { title: 'Precision', read: ({ precision }) => precision, ...proportion },
  { title: 'Recall', read: ({ recall }) => recall, ...proportion },
  { title: 'F1', read: ({ f1 }) => f1, ...proportion },
  { title: 'Log loss', read: ({ logLoss }) => logLoss, ...nats },
];

function remark(title: string, { interval }: HoldOut): Html | undefined {
  if (title === 'Log loss') return html`<small>less is better</small>`;
  if (title !== 'Accuracy' || interval === undefined) return undefined;
  const [low, high] = interval.map((bound) => Math.round(100 * bound));
  return html`<small>95${'\u202F'}% certain to be ${low} to ${high}${'\u202F'}%</small>`;
}

/** @example signed('-0.2') // '−0.2' */
function signed(figure: string): string {
  if (Number(figure) === 0) return figure.replace('-', '');
  return figure.startsWith('-') ? figure.replace('-', '−') : `+${figure}`;
}

function classTable(classes: readonly ClassLine[]): Html {
  return html`<table class="facts">
    <thead>
      <tr>
        <th scope="col">Label</th>
        <th scope="col" class="figure">Precision</th>
        <th scope="col" class="figure">Recall</th>
        <th scope="col" class="figure">F1</th>
        <th scope="col" class="figure">Pictures</th>
      </tr>
    </thead>
    <tbody>
      ${classes.map(
        ({ label, precision, recall, f1, support }) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td class="figure">${share(precision)}</td>
            <td class="figure">${share(recall)}</td>
            <td class="figure">${share(f1)}</td>
            <td class="figure">${count(support)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
