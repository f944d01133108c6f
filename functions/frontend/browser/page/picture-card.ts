import type { Answer } from '../../view/answer.ts';
import { isAboutFile, isWorthRepeating } from '../../view/advice.ts';
import { byteCount } from '../../view/figures.ts';
import type { HeadSummary } from '../../view/head-summary.ts';
import { html, type Html } from '../../view/html.ts';
import { resultView } from '../../view/result-view.ts';
import { build, fill, onAction, part } from './element.ts';
import type { PreparedPicture } from './prepare-picture.ts';
import type { SendError } from './send-error.ts';

export interface CardActions {
  readonly cancel: () => void;
  readonly repeat: () => void;
  readonly remove: () => void;
}

/** One picture on the page: what it is, how far it is, and what was answered. */
export class PictureCard {
  readonly element: HTMLElement;
  readonly #state: HTMLElement;
  readonly #preview: HTMLImageElement;
  readonly #offered: HTMLElement;
  #url: string | undefined;

  constructor(name: string, actions: CardActions) {
    this.element = build(
      html`<article class="card" aria-label="${name}">
        <img class="preview" alt="${name}" hidden />
        <div class="said">
          <div class="card-head">
            <h2 title="${name}">${name}</h2>
            <button type="button" class="link" data-action="remove" aria-label="Remove ${name}">
              Remove
            </button>
          </div>
          <div class="said state"></div>
          <div class="offered"></div>
        </div>
      </article>`,
    );
    this.#state = part(this.element, '.state', HTMLElement);
    this.#offered = part(this.element, '.offered', HTMLElement);
    this.#preview = part(this.element, '.preview', HTMLImageElement);
    this.#preview.addEventListener('error', () => (this.#preview.hidden = true));
    onAction(this.element, { ...actions });
  }

  showPicture(picture: Blob): void {
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(picture);
    this.#preview.src = this.#url;
    this.#preview.hidden = false;
  }

  /** @param text such as `Waiting for its turn` */
  showWaiting(text: string): void {
    this.offer(undefined);
    this.#show(
      html`<p class="note">${text}</p>
        ${buttons(['cancel', 'Cancel'])}`,
    );
  }

  /** @param share of the upload that is done, 0…1; at 1 the service is looking */
  showProgress(share: number): void {
    const bar = this.#state.querySelector('progress');
    const note = this.#state.querySelector('.note');
    const text = share < 1 ? `Sending, ${Math.floor(100 * share)} %` : 'Sent. Looking at it …';
    if (bar === null || note === null) {
      this.#show(
        html`<p class="note">${text}</p>
          <progress max="1" value="${share}" aria-label="Upload"></progress>
          ${buttons(['cancel', 'Cancel'])}`,
      );
      return;
    }
    note.textContent = text;
    if (share < 1) bar.value = share;
    else bar.removeAttribute('value');
  }

  showAnswers(
    answers: readonly Answer[],
    context: { heads: readonly HeadSummary[]; file: Blob; sent: PreparedPicture },
  ): void {
    const model = answers[0]?.model.id ?? '';
    this.#show(
      html`${resultView(answers, context.heads)}
        <p class="note">
          ${describeSending(context.file, context.sent)}${model !== '' && ` Model ${model}.`}
        </p>`,
    );
  }

  /** Something to do with the answers, below them. It stays when they are shown anew. */
  offer(element: HTMLElement | undefined): void {
    this.#offered.replaceChildren(...(element === undefined ? [] : [element]));
  }

  showError(error: SendError): void {
    this.#show(
      html`<p class="problem-title"><strong>${error.title}</strong></p>
        <p>${error.message}</p>
        ${error.advice !== '' && html`<p>${error.advice}</p>`}
        ${error.callId !== '' && html`<p class="note">Call id <code>${error.callId}</code></p>`}
        ${
          !isAboutFile(error.code) &&
          buttons(['repeat', isWorthRepeating(error.code) ? 'Try again' : 'Send again'])
        }`,
      true,
    );
  }

  showCancelled(): void {
    this.#show(
      html`<p class="note">Cancelled. Nothing was kept.</p>
        ${buttons(['repeat', 'Send it after all'])}`,
    );
  }

  remove(): void {
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
    this.element.remove();
  }

  /** Who pressed a button that goes away with the old content keeps a place on the page. */
  #show(content: Html, isProblem = false): void {
    const hadFocus = this.#state.contains(document.activeElement);
    fill(this.#state, content);
    this.element.classList.toggle('problem', isProblem);
    this.#state.role = isProblem ? 'alert' : null;
    if (hadFocus) this.#state.querySelector('button')?.focus();
  }
}

/**
 * @example describeSending(file, sent) // '4032 × 3024, 4.1 MB. Shrunk to 412 kB before it was sent.'
 */
function describeSending(file: Blob, sent: PreparedPicture): string {
  const size =
    sent.width === undefined || sent.height === undefined ? '' : `${sent.width} × ${sent.height}, `;
  const original = `${size}${byteCount(file.size)}.`;
  if (sent.change === undefined) return original;
  const how = sent.change === 'shrunk' ? 'Shrunk to' : 'Converted to JPEG,';
  return `${original} ${how} ${byteCount(sent.body.size)} before it was sent.`;
}

function buttons(...entries: readonly (readonly [action: string, text: string])[]): Html {
  return html`<div class="actions">
    ${entries.map(
      ([action, text]) =>
        html`<button type="button" class="button plain small" data-action="${action}">${text}</button>`,
    )}
  </div>`;
}
