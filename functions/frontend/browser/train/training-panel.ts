import type { StreamEvent } from '../../../../shared/http/read-events.ts';
import { beforeAfter } from '../../view/before-after.ts';
import { html, type Html } from '../../view/html.ts';
import { lossChart, type Epoch } from '../../view/loss-chart.ts';
import { numberOf, recordOf, textOf, type JsonRecord } from '../../view/record.ts';
import { readHoldOut } from '../../view/training-record.ts';
import { share, shortHash } from '../../view/figures.ts';
import type { Announcer } from '../page/announcer.ts';
import { element, fill, onAction, part } from '../page/element.ts';
import { fromProblem, SendError } from '../page/send-error.ts';
import { patch } from '../status/patch.ts';
import { MIN_EXAMPLES } from './bin-view.ts';

export interface TrainingPanelOptions {
  readonly announcer: Announcer;
  readonly train: (
    options: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => AsyncGenerator<StreamEvent, void>;
  readonly title: () => string;
  /** A new version is live. */
  readonly onDone: () => void;
  readonly onUnauthorized: (error: SendError) => void;
}

/** The button that trains, what comes of it while it runs, and the figures at its end. */
export class TrainingPanel {
  readonly #element = element('training', HTMLDivElement);
  readonly #options: TrainingPanelOptions;
  #running: AbortController | undefined;
  #epochs: readonly Epoch[] = [];
  #isDrawn = true;

  constructor(options: TrainingPanelOptions) {
    this.#options = options;
    fill(
      this.#element,
      html`<h2>Training</h2>
        <label class="check">
          <input id="augment" type="checkbox" checked />
          <span
            >Learn from altered copies too
            <small>mirrored, turned a little, lighter or darker, cut</small></span
          >
        </label>
        <div class="actions">
          <button type="button" class="button" data-action="train">Train</button>
          <button type="button" class="button plain" data-action="cancel" hidden>Cancel</button>
        </div>
        <p id="train-hint" class="note"></p>
        <div class="panel" data-part="progress" aria-live="off"></div>
        <div class="panel" data-part="result"></div>`,
    );
    onAction(this.#element, { train: () => void this.#train(), cancel: () => this.#running?.abort() });
  }

  /** @param counts pictures of each label; undefined hides the panel */
  show(counts: ReadonlyMap<string, number> | undefined): void {
    this.#element.hidden = counts === undefined;
    if (counts === undefined) return;
    const hint = hintOf(counts);
    part(this.#element, '#train-hint', HTMLElement).textContent = hint;
    part(this.#element, '[data-action="train"]', HTMLButtonElement).disabled =
      hint !== '' || this.#running !== undefined;
  }

  /** Another head is worked on: what was seen of the last one goes. */
  clear(): void {
    this.#running?.abort();
    this.#epochs = [];
    this.#progress(html``);
    this.#result(html``);
  }

  async #train(): Promise<void> {
    if (this.#running !== undefined) return;
    const running = new AbortController();
    this.#running = running;
    this.#epochs = [];
    this.#result(html``);
    this.#progress(html`<p>Beginning …</p>`);
    this.#setBusy(true);
    this.#options.announcer.say('Training began.');
    try {
      await this.#follow(running.signal);
    } catch (error) {
      this.#fail(error, running.signal);
    } finally {
      this.#running = undefined;
      this.#setBusy(false);
    }
  }

  /** A change of the model may take more embedding than one request has time for: then the next one goes on. */
  async #follow(signal: AbortSignal): Promise<void> {
    for (;;) {
      let embedded = 0;
      let end: StreamEvent | undefined;
      for await (const event of this.#options.train(this.#choices(), signal)) {
        if (event.event === 'embedding') embedded = numberOf(event.data.done) ?? 0;
        if (event.event === 'error') end = event;
        this.#tell(event);
        // It is live; the stream stays open a little longer for programs that wait for its end.
        if (event.event === 'done') return;
      }
      if (end === undefined) throw cutOff();
      const mayGoOn = embedded > 0 && textOf(end.data.code) === 'conflict';
      if (!mayGoOn) throw fromProblem(end.data);
    }
  }

  #choices(): Readonly<Record<string, string>> {
    const isAugmented = part(this.#element, '#augment', HTMLInputElement).checked;
    const title = this.#options.title();
    return { ...(!isAugmented && { augment: 'false' }), ...(title !== '' && { title }) };
  }

  #tell({ event, data }: StreamEvent): void {
    if (event === 'start') this.#progress(html`<p>${startSentence(data)}</p>`);
    else if (event === 'embedding') {
      const [done, total] = [numberOf(data.done) ?? 0, numberOf(data.total) ?? 1];
      this.#progress(
        html`<p>The model has changed: pictures are embedded anew, ${done} of ${total} in this round.</p>
          <progress max="${total}" value="${done}" aria-label="Embedded anew"></progress>`,
      );
    } else if (event === 'epoch') {
      this.#epochs = [...this.#epochs, readEpoch(data)];
      this.#drawChart();
    } else if (event === 'done') this.#finish(data);
  }

  #finish(data: JsonRecord): void {
    const after = readHoldOut(data.after);
    const before = readHoldOut(data.before);
    this.#progress(lossChart(this.#epochs));
    const version = shortHash(textOf(data.version));
    this.#result(
      html`<h3 id="result-title" tabindex="-1">Version ${version} is live</h3>
        ${after !== undefined && beforeAfter(before, after)}`,
    );
    const change =
      after === undefined
        ? ''
        : before === undefined
          ? ` Accuracy ${share(after.accuracy)}.`
          : ` Accuracy from ${share(before.accuracy)} to ${share(after.accuracy)}.`;
    this.#options.announcer.say(
      `Training is done, the new version is live.${change}`.replaceAll('\u202F', ' '),
    );
    this.#options.onDone();
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) {
      this.#progress(html`<p>Cancelled. Everything is as it was before.</p>`);
      this.#options.announcer.say('Training cancelled.');
      return;
    }
    const known = error instanceof SendError ? error : cutOff();
    if (known.code === 'unauthorized') this.#options.onUnauthorized(known);
    this.#result(
      html`<div class="card problem" role="alert">
        <p class="problem-title"><strong>${known.title}</strong></p>
        <p>${known.message}</p>
        ${known.callId !== '' && html`<p class="note">Call id <code>${known.callId}</code></p>`}
      </div>`,
    );
  }

  /** Epochs come by the dozen a second: drawn once a frame. */
  #drawChart(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    requestAnimationFrame(() => {
      this.#isDrawn = true;
      if (this.#epochs.length > 0) this.#progress(lossChart(this.#epochs));
    });
  }

  #setBusy(isBusy: boolean): void {
    const train = part(this.#element, '[data-action="train"]', HTMLButtonElement);
    const cancel = part(this.#element, '[data-action="cancel"]', HTMLButtonElement);
    const hadFocus = this.#element.contains(document.activeElement);
    train.disabled = isBusy;
    cancel.hidden = !isBusy;
    if (hadFocus) (isBusy ? cancel : train).focus();
  }

  #progress(content: Html): void {
    patch(part(this.#element, '[data-part="progress"]', HTMLElement), content);
  }

  #result(content: Html): void {
    fill(part(this.#element, '[data-part="result"]', HTMLElement), content);
  }
}

/** Why nothing can be trained yet; empty where it can. */
export function hintOf(counts: ReadonlyMap<string, number>): string {
  const few = [...counts]
    .filter(([, pictures]) => pictures > 0 && pictures < MIN_EXAMPLES)
    .map(([label]) => label);
  const filled = [...counts.values()].filter((pictures) => pictures > 0).length;
  if (filled < 2) return `Two labels of at least ${MIN_EXAMPLES} pictures each are needed.`;
  if (few.length > 0) return `At least ${MIN_EXAMPLES} pictures are needed of ${few.join(', ')}.`;
  return '';
}

function readEpoch(data: JsonRecord): Epoch {
  return {
    epoch: numberOf(data.epoch) ?? 0,
    trainLoss: numberOf(data.trainLoss) ?? 0,
    validationLoss: numberOf(data.validationLoss) ?? 0,
    validationAccuracy: numberOf(data.validationAccuracy) ?? 0,
    learningRate: numberOf(data.learningRate) ?? 0,
  };
}

function startSentence(data: JsonRecord): string {
  const { train, validation, holdOut } = recordOf(data.pictures);
  const number = (value: unknown): number => numberOf(value) ?? 0;
  return `Learning from ${number(train)} pictures; ${number(validation)} say when to stop, ${number(holdOut)} are kept back to measure with.`;
}

/** A dead function looks like a stream that ends too early. */
function cutOff(): SendError {
  const detail = 'The training broke off before its end. The version before it is still live. Train again.';
  return new SendError({ code: 'upstream-failed', title: 'The training broke off', detail });
}
