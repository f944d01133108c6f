import type { HoldOutFigures } from '../../shared/core/training/hold-out-figures.ts';
import type { StreamEvent } from '../../shared/http/read-events.ts';

/** What the last event of a training brings. */
export interface Trained {
  readonly version: string;
  readonly before: HoldOutFigures | null;
  readonly after: HoldOutFigures;
}

/** One line for each event of a training; undefined for those that need none. */
export function describeEvent({ event, data }: StreamEvent): string | undefined {
  if (event === 'start') {
    const { train, validation, holdOut } = data.pictures as Readonly<Record<string, number>>;
    return `Learning from ${train} pictures; ${validation} say when to stop, ${holdOut} are kept back to measure with.`;
  }
  if (event === 'embedding') {
    return `The model has changed: embedded anew, ${String(data.done)} of ${String(data.total)} in this round.`;
  }
  if (event !== 'epoch') return undefined;
  const { epoch, trainLoss, validationLoss, validationAccuracy, learningRate } = data as Readonly<
    Record<string, number>
  >;
  return [
    `epoch ${String(epoch).padStart(3)}`,
    `training loss ${nats(trainLoss)}`,
    `validation loss ${nats(validationLoss)}`,
    `accuracy ${percent(validationAccuracy)}`,
    `learning rate ${learningRate}`,
  ].join('  ');
}

/**
 * Figures before and after on the same pictures, as a table.
 * @example
 *              before    after   change
 * accuracy     80.0 %   93.3 %    +13.3
 */
export function describeResult(head: string, { version, before, after }: Trained): string {
  const columns = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(10) : cell.padStart(9))).join('');
  const [low, high] = after.accuracy.interval.map((bound) => percent(bound));
  return [
    `${head} ${version.slice(0, 'sha256:'.length + 8)} is live.`,
    `Measured on ${after.n} pictures that it did not see${before === null ? '; the head is new' : ''}:`,
    '',
    columns(['', 'before', 'after', 'change']),
    ...LINES.map(({ title, read, write, change }) => {
      const [was, is] = [before && read(before), read(after)];
      return columns([
        title,
        was === null ? '–' : write(was),
        write(is),
        was === null ? '–' : signed(change(is - was)),
      ]);
    }),
    '',
    `Accuracy is between ${low} and ${high} with 95 % certainty.`,
  ].join('\n');
}

interface Line {
  readonly title: string;
  readonly read: (figures: HoldOutFigures) => number;
  readonly write: (figure: number) => string;
  readonly change: (difference: number) => string;
}

const proportion = { write: percent, change: (difference: number) => (100 * difference).toFixed(1) };

const LINES: readonly Line[] = [
  { title: 'accuracy', read: ({ accuracy }) => accuracy.value, ...proportion },
  { title: 'precision', read: ({ precision }) => precision, ...proportion },
  { title: 'recall', read: ({ recall }) => recall, ...proportion },
  { title: 'F1', read: ({ f1 }) => f1, ...proportion },
  { title: 'log loss', read: ({ logLoss }) => logLoss, write: nats, change: nats },
];

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(1)} %`;
}

function nats(loss: number | undefined): string {
  return loss === undefined ? '–' : loss.toFixed(3);
}

/** @example signed('0.2') // '+0.2' */
function signed(figure: string): string {
  if (Number(figure) === 0) return figure.replace('-', '');
  return figure.startsWith('-') ? figure : `+${figure}`;
}
