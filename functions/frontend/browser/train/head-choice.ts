import { html } from '../../view/html.ts';
import { element, fill } from '../page/element.ts';

const HEAD_ID = /^[a-z0-9-]{1,40}$/;
/** They cannot be trained: one reads pixels, the other stands for labels that come with a request. */
const RESERVED = ['digits', 'labels'];

/** Which head is worked on: one from the list, or a new one by a name. The choice stands in the page's address. */
export class HeadChoice {
  readonly #select = element('head', HTMLSelectElement);
  readonly #new = element('new-head', HTMLDivElement);
  readonly #open = element('open', HTMLButtonElement);
  readonly #onChoice: (id: string) => void;

  /** @param onChoice told of the head's id; empty where a new one has no name yet */
  constructor(onChoice: (id: string) => void) {
    this.#onChoice = onChoice;
    fill(
      this.#new,
      html`<label for="name">Its name <small>small letters, digits and hyphens</small></label>
        <input
          id="name"
          type="text"
          maxlength="40"
          autocomplete="off"
          spellcheck="false"
          aria-describedby="name-fault"
        />
        <p id="name-fault" class="wrong" role="alert" hidden></p>
        <label for="title">Its title <small>for people, if you like</small></label>
        <input id="title" type="text" maxlength="100" autocomplete="off" />`,
    );
    this.#select.addEventListener('change', () => {
      this.#arrange();
      this.#tell(this.#select.value);
    });
    element('choose', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#select.value !== '') this.#tell(this.#select.value);
      else this.#create();
    });
    this.#arrange();
  }

  /** Title of a new head; empty where it has none of its own. */
  get title(): string {
    return this.#select.value === '' ? element('title', HTMLInputElement).value.trim() : '';
  }

  #create(): void {
    const field = element('name', HTMLInputElement);
    const id = field.value.trim();
    const fault = faultOf(id);
    const note = element('name-fault', HTMLParagraphElement);
    note.hidden = fault === '';
    note.textContent = fault;
    field.toggleAttribute('aria-invalid', fault !== '');
    if (fault !== '') {
      field.focus();
      return;
    }
    this.#tell(id);
  }

  #arrange(): void {
    const isNew = this.#select.value === '';
    this.#new.hidden = !isNew;
    this.#open.hidden = !isNew;
    this.#open.textContent = 'Use this name';
  }

  #tell(id: string): void {
    history.replaceState(
      null,
      '',
      id === '' ? 'train' : `train?${new URLSearchParams({ head: id }).toString()}`,
    );
    this.#onChoice(id);
  }
}

/** Why a text is no name of a head; empty where it is one. */
export function faultOf(id: string): string {
  if (RESERVED.includes(id)) return `The name ${id} is taken by the service itself. Choose another.`;
  if (HEAD_ID.test(id)) return '';
  return 'Write a name of small letters, digits and hyphens, such as three-dogs.';
}
