import { html, type Html } from '../../view/html.ts';
import type { TrainedHead } from '../../view/training-record.ts';
import { nameOf, versionTable } from '../../view/version-table.ts';
import type { Announcer } from '../page/announcer.ts';
import { element, fill } from '../page/element.ts';
import { SendError } from '../page/send-error.ts';

export interface VersionsPanelOptions {
  readonly announcer: Announcer;
  readonly rollBack: (version: string) => Promise<void>;
  readonly removeHead: () => Promise<void>;
  /** What is shown is no longer so. */
  readonly onChange: () => void;
  readonly onUnauthorized: (error: SendError) => void;
}

/** The versions of the head, each of which can be made live again. */
export class VersionsPanel {
  readonly #element = element('versions', HTMLDivElement);
  readonly #options: VersionsPanelOptions;

  constructor(options: VersionsPanelOptions) {
    this.#options = options;
    this.#element.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest('button') : null;
      if (button?.dataset.action === 'roll-back') void this.#rollBack(button.dataset.version ?? '');
      if (button?.dataset.action === 'remove-head') void this.#remove();
    });
  }

  /** @param head undefined for one that is not there yet */
  show(id: string, head: TrainedHead | undefined): void {
    if (id === '') this.#fill(html`<p class="note">Choose a head to see its versions.</p>`);
    else if (head === undefined)
      this.#fill(html`<p class="note">This head is new: it has no version yet.</p>`);
    else {
      const isAnswering = head.versions.some(({ isLive }) => isLive);
      const isChanged = head.examples > 0 || head.versions.some(({ version }) => version !== '0');
      this.#fill(
        html`${head.isStale && html`<p class="note">It was trained for another model. Train it again: its pictures are embedded anew.</p>`}
          ${versionTable(head, true)}
          <div class="actions">
            ${isAnswering && html`<a class="button plain small" href="./?head=${id}">Ask it about a picture</a>`}
            ${
              isChanged &&
              html`<button type="button" class="button plain small" data-action="remove-head">
                ${head.isBuiltIn ? 'Delete its versions and examples' : 'Delete this head'}
              </button>`
            }
          </div>`,
      );
    }
  }

  async #rollBack(version: string): Promise<void> {
    await this.#change(() => this.#options.rollBack(version), `Version ${nameOf(version)} is live again.`);
  }

  async #remove(): Promise<void> {
    if (!confirm('This removes all trained versions and all examples of this head, for good. Go on?')) return;
    await this.#change(() => this.#options.removeHead(), 'All versions and examples are removed.');
  }

  async #change(work: () => Promise<void>, success: string): Promise<void> {
    try {
      await work();
      this.#options.announcer.say(success);
      this.#options.onChange();
    } catch (error) {
      const known = error instanceof SendError ? error : undefined;
      if (known?.code === 'unauthorized') this.#options.onUnauthorized(known);
      const text = known?.message ?? 'That did not work. Try again.';
      const note = document.createElement('p');
      note.className = 'wrong';
      note.role = 'alert';
      note.textContent = text;
      this.#element.append(note);
    }
  }

  #fill(content: Html): void {
    const hadFocus = this.#element.contains(document.activeElement);
    fill(this.#element, content);
    if (hadFocus) this.#element.querySelector<HTMLElement>('button, a')?.focus();
  }
}
