import { html } from '../../view/html.ts';
import { build, fill, onAction, part } from '../page/element.ts';
import { patch } from '../status/patch.ts';
import { binFrame, countSentence, uploadsView } from './bin-view.ts';
import { droppedFiles, filesOfFolder } from './chosen-files.ts';
import { picturesOf, type ChosenFile } from './folder-labels.ts';
import { ExampleUpload } from './example-upload.ts';
import type { KeptExample } from './trainer.ts';

export interface BinActions {
  readonly onUploads: (uploads: readonly ExampleUpload[]) => void;
  readonly onCancel: () => void;
  readonly onRemoveLabel: () => void;
  readonly onRemoveExample: (example: KeptExample) => void;
  readonly loadThumbnail: (example: KeptExample) => Promise<Blob>;
  readonly say: (text: string) => void;
}

/** More are a click away: a head may have thousands. */
const SHOWN_AT_ONCE = 12;

let bins = 0;

/** A label of the head: pictures go in by its buttons or are dropped on it, and are shown. */
export class Bin {
  readonly label: string;
  readonly element: HTMLElement;
  readonly #actions: BinActions;
  #examples: readonly KeptExample[] = [];
  #uploads: readonly ExampleUpload[] = [];
  #shown = SHOWN_AT_ONCE;
  #isDrawn = true;

  constructor(label: string, actions: BinActions) {
    this.label = label;
    this.#actions = actions;
    this.element = build(binFrame(label, `bin-${(bins += 1)}`));
    for (const name of ['files', 'folder']) {
      const field = part(this.element, `[data-part="${name}"]`, HTMLInputElement);
      field.addEventListener('change', () => {
        const files = [...(field.files ?? [])];
        // Emptied, so that the same file can be chosen again.
        field.value = '';
        if (name === 'folder') this.addChosen(filesOfFolder(files));
        else this.add(files);
      });
    }
    this.#takeDrops();
    onAction(this.element, {
      cancel: actions.onCancel,
      again: () => this.#sendAgain(),
      hide: () => this.#forgetUploads(),
      more: () => this.#showMore(),
      'remove-label': actions.onRemoveLabel,
    });
    this.#render();
  }

  /** Pictures that are kept, and those that are on their way. */
  get size(): number {
    return this.#examples.length;
  }

  /** What a folder held; things in it that are no pictures are left out, and that is said. */
  addChosen(chosen: readonly ChosenFile[]): void {
    const pictures = picturesOf(chosen);
    const others = chosen.length - pictures.length;
    const text =
      others === 0
        ? ''
        : `${others} ${others === 1 ? 'file is no picture' : 'files are no pictures'} and left out.`;
    this.add(pictures.map(({ file }) => file));
    this.#noteLeftOut(text);
    if (text !== '') this.#actions.say(text);
  }

  #noteLeftOut(text: string): void {
    const note = part(this.element, '[data-part="left-out"]', HTMLElement);
    note.hidden = text === '';
    note.textContent = text;
  }

  add(files: readonly File[]): void {
    if (files.length === 0) return;
    this.#noteLeftOut('');
    const added = files.map((file) => new ExampleUpload(file, this.label));
    for (const upload of added) upload.watch(() => this.#draw());
    this.#uploads = [...this.#uploads.filter((upload) => !upload.isOver), ...added];
    this.#render();
    this.#actions.onUploads(added);
  }

  /** The pictures that the trainer has of this label. */
  show(examples: readonly KeptExample[]): void {
    this.#examples = examples;
    this.#render();
  }

  #takeDrops(): void {
    const mark = (isOver: boolean): void => void this.element.classList.toggle('is-over', isOver);
    this.element.addEventListener('dragover', () => mark(true));
    this.element.addEventListener('dragleave', (event) => {
      if (!(event.relatedTarget instanceof Node) || !this.element.contains(event.relatedTarget)) mark(false);
    });
    this.element.addEventListener('drop', (event) => {
      mark(false);
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      event.stopPropagation();
      document.body.classList.remove('is-dragging');
      void droppedFiles(event.dataTransfer).then((chosen) => this.addChosen(chosen));
    });
  }

  #sendAgain(): void {
    const repeatable = this.#uploads.filter(({ state }) => state.is === 'failed' && state.isRepeatable);
    for (const upload of repeatable) {
      upload.attempts = 0;
      upload.state = { is: 'waiting' };
    }
    this.#actions.onUploads(repeatable);
  }

  #forgetUploads(): void {
    this.#uploads = [];
    this.#render();
    part(this.element, '[data-part="files"]', HTMLInputElement).focus();
  }

  #showMore(): void {
    this.#shown = this.#examples.length;
    this.#render();
  }

  /** Many pictures change at a time: drawn once for all of them. */
  #draw(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    requestAnimationFrame(() => {
      this.#isDrawn = true;
      this.#render();
    });
  }

  #render(): void {
    part(this.element, '[data-part="count"]', HTMLElement).textContent = countSentence(this.#examples.length);
    const uploads = part(this.element, '[data-part="uploads"]', HTMLElement);
    uploads.hidden = this.#uploads.length === 0;
    patch(uploads, this.#uploads.length === 0 ? html`` : uploadsView(this.#uploads));
    this.#renderThumbnails();
    const more = part(this.element, '[data-action="more"]', HTMLButtonElement);
    more.hidden = this.#examples.length <= this.#shown;
    more.textContent = `Show all ${this.#examples.length} pictures`;
  }

  /** Only what is new is loaded, and what is gone taken away. */
  #renderThumbnails(): void {
    const list = part(this.element, '[data-part="thumbnails"]', HTMLElement);
    // The newest first: they are what somebody has just added.
    const shown = [...this.#examples].reverse().slice(0, this.#shown);
    const items = new Map([...list.children].map((item) => [(item as HTMLElement).dataset.sha256, item]));
    const wanted = shown.map((example) => items.get(example.sha256) ?? this.#thumbnail(example));
    for (const item of list.children) if (!wanted.includes(item)) release(item);
    list.replaceChildren(...wanted);
    list.hidden = shown.length === 0;
  }

  #thumbnail(example: KeptExample): HTMLElement {
    const name = `picture ${example.sha256.slice(0, 6)} of ${this.label}`;
    const item = build(
      html`<li data-sha256="${example.sha256}">
        <img alt="${name}" width="72" height="72" />
        <button type="button" aria-label="Remove ${name}">×</button>
      </li>`,
    );
    item.querySelector('button')?.addEventListener('click', () => this.#actions.onRemoveExample(example));
    const image = part(item, 'img', HTMLImageElement);
    this.#actions.loadThumbnail(example).then(
      (picture) => (image.src = URL.createObjectURL(picture)),
      () => fill(item, html`<span class="note">no picture</span>`),
    );
    return item;
  }
}

function release(item: Element): void {
  const source = item.querySelector('img')?.src ?? '';
  if (source.startsWith('blob:')) URL.revokeObjectURL(source);
}
