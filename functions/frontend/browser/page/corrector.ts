import { TRAINED_LABEL, trainedLabel } from '../../../../shared/core/trained-label.ts';
import type { Answer } from '../../view/answer.ts';
import { correctable, correctionView } from '../../view/correction-view.ts';
import type { HeadSummary } from '../../view/head-summary.ts';
import { html, type Html } from '../../view/html.ts';
import { trainingState } from '../../view/trainer-status.ts';
import { Token } from '../train/token.ts';
import { Trainer } from '../train/trainer.ts';
import { build, fill, part } from './element.ts';
import { fromProblem, SendError } from './send-error.ts';

const PATIENCE_MS = 10_000;

export interface WrongAnswer {
  /** As it was sent to be classified. */
  readonly picture: Blob;
  readonly answers: readonly Answer[];
  readonly heads: readonly HeadSummary[];
}

/** Sends a picture that was answered wrongly, with its right label, to the examples of the head. */
export class Corrector {
  readonly #token = new Token();
  readonly #trainer = new Trainer(this.#token);
  #isOn: Promise<boolean> | undefined;

  /** Whether this service can be taught: asked once, when there is something to correct. */
  isOn(): Promise<boolean> {
    this.#isOn ??= canTrain();
    return this.#isOn;
  }

  /** @returns undefined where no answer comes from a head that learns */
  offer(wrong: WrongAnswer): HTMLElement | undefined {
    const answers = correctable(wrong.answers);
    const first = answers[0];
    if (first === undefined) return undefined;
    const details = build(
      html`<details>
        <summary>Is this wrong? Say what it is</summary>
        <div></div>
      </details>`,
    );
    const room = part(details, 'div', HTMLDivElement);
    const show = (chosen: string): void => {
      fill(room, correctionView(answers, { heads: wrong.heads, chosen, hasToken: this.#token.value !== '' }));
    };
    show(first.head);
    details.addEventListener('toggle', () => show(headOf(room) ?? first.head), { once: true });
    room.addEventListener('change', (event) => {
      if (event.target instanceof HTMLSelectElement) show(event.target.value);
    });
    const send = (label: string): void => {
      const head = headOf(room) ?? first.head;
      void this.#send(room, { head, label, picture: wrong.picture }, () => show(head));
    };
    room.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>('[data-label]') : null;
      if (button !== null) send(button.dataset.label ?? '');
    });
    room.addEventListener('submit', (event) => {
      event.preventDefault();
      send(fieldOf(room, 'label'));
    });
    return details;
  }

  /** @param show draws the form anew, with a field for the token where there is none */
  async #send(
    room: HTMLElement,
    sent: { head: string; label: string; picture: Blob },
    show: () => void,
  ): Promise<void> {
    const outcome = part(room, '.outcome', HTMLElement);
    const label = trainedLabel(sent.label);
    const typed = fieldOf(room, 'token');
    if (typed !== '') this.#token.value = typed;
    if (label === undefined) {
      tell(outcome, html`Write ${TRAINED_LABEL.expected.replace(/,$/, '')}.`, true);
      return;
    }
    if (this.#token.value === '') {
      tell(outcome, html`Give the token first: without it nothing may be added.`, true);
      room.querySelector<HTMLInputElement>('[name="token"]')?.focus();
      return;
    }
    tell(outcome, html`Sending …`);
    // The form may be drawn anew meanwhile: for another head.
    const told = (text: Html, isWrong = false) => tell(part(room, '.outcome', HTMLElement), text, isWrong);
    try {
      told(await this.#add({ ...sent, label }));
    } catch (error) {
      const known = error instanceof SendError ? error : undefined;
      if (known?.code === 'unauthorized') this.#askForToken(room, show);
      told(html`${known?.message ?? 'It could not be sent. Try again.'} ${wayOut(known, sent.head)}`, true);
    }
  }

  /** The one that there was is forgotten, with what was typed left as it is. */
  #askForToken(room: HTMLElement, show: () => void): void {
    const typed = fieldOf(room, 'label');
    this.#token.value = '';
    show();
    part(room, '[name="label"]', HTMLInputElement).value = typed;
    part(room, '[name="token"]', HTMLInputElement).focus();
  }

  /** @returns what became of it @throws SendError */
  async #add({ head, label, picture }: { head: string; label: string; picture: Blob }): Promise<Html> {
    const [reply] = await this.#trainer.add(head, label, {
      pictures: [picture],
      onProgress: () => undefined,
      signal: AbortSignal.timeout(6 * PATIENCE_MS),
    });
    if (reply?.problem !== undefined) throw fromProblem(reply.problem);
    const link = html`<a href="train?head=${head}">Train the head with it</a>`;
    if (reply?.status === 'duplicate') return html`It is an example of ${label} already. ${link}.`;
    if (reply?.status === 'kept') return html`Thank you: kept as an example of ${label}. ${link}.`;
    return html`There was no time to look at it. Send it again.`;
  }
}

/** Where what stands in the way can be changed. */
function wayOut(error: SendError | undefined, head: string): Html {
  if (error?.code !== 'conflict') return html``;
  return html`<a href="train?head=${head}">See the examples of the head</a>.`;
}

async function canTrain(): Promise<boolean> {
  try {
    const response = await fetch(new URL('../trainer/status', document.baseURI), {
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return trainingState({ status: response.status, json: (await response.json()) as unknown }) === 'on';
  } catch {
    return false;
  }
}

function headOf(room: HTMLElement): string | undefined {
  return room.querySelector<HTMLSelectElement>('[name="head"]')?.value;
}

function fieldOf(room: HTMLElement, name: string): string {
  return room.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value.trim() ?? '';
}

function tell(outcome: HTMLElement, text: Html, isWrong = false): void {
  outcome.classList.toggle('wrong', isWrong);
  fill(outcome, text);
}
