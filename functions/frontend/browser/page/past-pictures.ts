import { percent } from '../../view/figures.ts';
import { html } from '../../view/html.ts';
import { listOf, numberOf, textOf } from '../../view/record.ts';
import { build, onAction } from './element.ts';

/** A picture that was asked about. It is kept by this browser alone. */
export interface PastPicture {
  readonly name: string;
  /** A small JPEG as a `data:` URL, or empty. */
  readonly thumbnail: string;
  /** The answer in a few words. */
  readonly said: string;
  /** 0…1; undefined where it says nothing. */
  readonly score: number | undefined;
  /** The page's address that asks the same again: its query, without `?`; undefined where no address can carry it. */
  readonly query: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const STORAGE_KEY = 'clip-past-pictures';
/** About 4 kB each: far below the 5 MB that browsers allow. */
const MAX_KEPT = 24;

/** The list of past pictures, newest first, with a way to forget them. Hidden while there are none. */
export class PastPictures {
  readonly element: HTMLElement;
  #kept: readonly PastPicture[] = load();

  constructor() {
    this.element = build(html`<section class="panel" aria-labelledby="past-title"></section>`);
    onAction(this.element, { forget: () => this.#forget() });
    this.#render();
  }

  add(picture: PastPicture): void {
    const others = this.#kept.filter(
      (kept) => kept.thumbnail !== picture.thumbnail || kept.query !== picture.query,
    );
    this.#kept = [picture, ...others].slice(0, MAX_KEPT);
    save(this.#kept);
    this.#render();
  }

  #forget(): void {
    this.#kept = [];
    save([]);
    this.#render();
  }

  #render(): void {
    this.element.hidden = this.#kept.length === 0;
    this.element.innerHTML = html`
      <div class="card-head">
        <h2 id="past-title" tabindex="-1">Asked before</h2>
        <button type="button" class="button plain small" data-action="forget">Forget them</button>
      </div>
      <p class="note">Kept in this browser only.</p>
      <ul class="past">
        ${this.#kept.map(
          (past) =>
            html`<li>
              ${past.thumbnail === '' ? html`<span></span>` : html`<img src="${past.thumbnail}" alt="" width="48" height="48" />`}
              <span>
                <b>${past.said}</b>
                ${past.score !== undefined && percent(past.score)}
                <small
                  >${past.name} ·
                  ${when(past.at)}${
                    past.query !== undefined && html` · <a href="./?${past.query}">same question</a>`
                  }</small
                >
              </span>
            </li>`,
        )}
      </ul>
    `.markup;
  }
}

function when(at: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

function load(): readonly PastPicture[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    const said = listOf(kept).filter((entry) => textOf(entry.said) !== '');
    return said.map((entry) => ({
      name: textOf(entry.name),
      thumbnail: textOf(entry.thumbnail).startsWith('data:image/') ? textOf(entry.thumbnail) : '',
      said: textOf(entry.said),
      score: numberOf(entry.score),
      query: typeof entry.query === 'string' ? entry.query : undefined,
      at: numberOf(entry.at) ?? 0,
    }));
  } catch {
    return [];
  }
}

function save(kept: readonly PastPicture[]): void {
  try {
    if (kept.length === 0) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing, or is full: the list lasts as long as the page.
  }
}
