import { share } from './figures.ts';
import { html, type Html } from './html.ts';

/** One pass over the examples, as the trainer tells of it. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  /** Nats. */
  readonly trainLoss: number;
  readonly validationLoss: number;
  /** 0…1 */
  readonly validationAccuracy: number;
  readonly learningRate: number;
}

/** Units of the drawing; it is stretched to whatever room there is, and its letters stand outside. */
const WIDTH = 100;
const HEIGHT = 100;
/** Epochs that the axis has room for at least: a curve does not jump to and fro as it grows. */
const LEAST_EPOCHS = 10;
const GRID_LINES = 4;

/** The two losses over the epochs; the same figures stand below it as a sentence and as a table. */
export function lossChart(epochs: readonly Epoch[]): Html {
  const last = Math.max(LEAST_EPOCHS, epochs.length);
  const top = niceTop(Math.max(...epochs.flatMap((epoch) => [epoch.trainLoss, epoch.validationLoss]), 0));
  const x = (epoch: number) => (WIDTH * (epoch - 1)) / (last - 1);
  const y = (loss: number) => HEIGHT * (1 - loss / top);
  const line = (name: 'trainLoss' | 'validationLoss') =>
    epochs.map((epoch) => `${x(epoch.epoch).toFixed(2)},${y(epoch[name]).toFixed(2)}`).join(' ');
  const ticks = Array.from({ length: GRID_LINES + 1 }, (_, index) => top * (1 - index / GRID_LINES));
  return html`<figure class="chart">
    <figcaption>
      Loss in each epoch
      <span class="key"><i class="train"></i> training</span>
      <span class="key"><i class="validation"></i> validation</span>
    </figcaption>
    <div class="plot" aria-hidden="true">
      <div class="ticks">${ticks.map((tick) => html`<span>${tick.toFixed(2)}</span>`)}</div>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" focusable="false">
        ${ticks.map(
          (tick) => html`<line class="grid" x1="0" x2="${WIDTH}" y1="${y(tick)}" y2="${y(tick)}"></line>`,
        )}
        <polyline class="train" points="${line('trainLoss')}"></polyline>
        <polyline class="validation" points="${line('validationLoss')}"></polyline>
      </svg>
      <div class="epochs"><span>1</span><span>epoch</span><span>${last}</span></div>
    </div>
    <p class="note">${lossSentence(epochs)}</p>
    ${epochs.length > 0 && epochTable(epochs)}
  </figure>`;
}

/**
 * The chart in words.
 * @example 'After 12 epochs: training loss from 1.10 to 0.12, validation loss from 1.05 to 0.20, at best 0.19 in epoch 9.'
 */
export function lossSentence(epochs: readonly Epoch[]): string {
  const [first, last] = [epochs[0], epochs.at(-1)];
  if (first === undefined || last === undefined) return 'No epoch has ended yet.';
  const best = epochs.reduce((least, epoch) => (epoch.validationLoss < least.validationLoss ? epoch : least));
  const times = epochs.length === 1 ? '1 epoch' : `${epochs.length} epochs`;
  return (
    `After ${times}: training loss from ${first.trainLoss.toFixed(2)} to ${last.trainLoss.toFixed(2)}, ` +
    `validation loss from ${first.validationLoss.toFixed(2)} to ${last.validationLoss.toFixed(2)}, ` +
    `at best ${best.validationLoss.toFixed(2)} in epoch ${best.epoch}.`
  );
}

/** @example niceTop(1.13) // 1.2 */
function niceTop(greatest: number): number {
  if (!(greatest > 0)) return 1;
  const step = 10 ** Math.floor(Math.log10(greatest)) / 5;
  return Math.ceil(greatest / step) * step;
}

function epochTable(epochs: readonly Epoch[]): Html {
  return html`<details>
    <summary>The same as a table</summary>
    <div class="scroll tall" tabindex="0" role="region" aria-label="Loss in each epoch">
      <table class="facts">
        <thead>
          <tr>
            <th scope="col">Epoch</th>
            <th scope="col" class="figure">Training loss</th>
            <th scope="col" class="figure">Validation loss</th>
            <th scope="col" class="figure">Accuracy</th>
            <th scope="col" class="figure">Learning rate</th>
          </tr>
        </thead>
        <tbody>
          ${epochs.map(
            (epoch) =>
              html`<tr>
                <th scope="row">${epoch.epoch}</th>
                <td class="figure">${epoch.trainLoss.toFixed(3)}</td>
                <td class="figure">${epoch.validationLoss.toFixed(3)}</td>
                <td class="figure">${share(epoch.validationAccuracy)}</td>
                <td class="figure">${epoch.learningRate}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
