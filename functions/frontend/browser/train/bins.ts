import { labelOfFolder, TRAINED_LABEL, trainedLabel } from '../../../../shared/core/trained-label.ts';
import { html } from '../../view/html.ts';
import { element, fill, part } from '../page/element.ts';
import { Bin, type BinActions } from './bin.ts';
import { droppedFiles, filesOfFolder } from './chosen-files.ts';
import { picturesOf, type ChosenFile } from './folder-labels.ts';
import type { KeptExample } from './trainer.ts';

export interface BinsOptions {
  readonly actionsOf: (label: string) => BinActions;
  readonly say: (text: string) => void;
  /** Says for all to see why nothing came of something. */
  readonly refuse: (text: string) => void;
  /** A label came or went, or has other pictures. */
  readonly onChange: () => void;
}

/** The labels of the head that is worked on, a bin each, and the ways to make new ones. */
export class Bins {
  readonly #element = element('examples', HTMLDivElement);
  readonly #options: BinsOptions;
  readonly #bins = new Map<string, Bin>();

  constructor(options: BinsOptions) {
    this.#options = options;
    fill(
      this.#element,
      html`<h2>Examples</h2>
        <p class="note">
          Five pictures of each label at least; twenty do better. Drop folders anywhere on this page: each
          becomes a label of its name.
        </p>
        <div class="bins" data-part="bins"></div>
        <form class="new-label">
          <label for="label">Another label</label>
          <div class="row">
            <input id="label" type="text" maxlength="100" autocomplete="off" aria-describedby="label-fault" />
            <button type="submit" class="button plain small">Add label</button>
            <label class="button plain small"
              ><span>Add folders of pictures</span
              ><input class="file" type="file" multiple webkitdirectory data-part="folders"
            /></label>
          </div>
          <p id="label-fault" class="wrong" role="alert" hidden></p>
        </form>`,
    );
    part(this.#element, 'form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#addTyped();
    });
    const folders = part(this.#element, '[data-part="folders"]', HTMLInputElement);
    folders.addEventListener('change', () => {
      const files = [...(folders.files ?? [])];
      folders.value = '';
      this.#addFolders(filesOfFolder(files));
    });
    takeDrops((chosen) => this.#addFolders(chosen));
  }

  /** Pictures of each label; undefined while there is no head to work on. */
  get counts(): ReadonlyMap<string, number> | undefined {
    if (this.#element.hidden) return undefined;
    return new Map([...this.#bins].map(([label, bin]) => [label, bin.size]));
  }

  hide(): void {
    this.#element.hidden = true;
    this.clear();
  }

  clear(): void {
    for (const bin of this.#bins.values()) bin.element.remove();
    this.#bins.clear();
  }

  /** @param examples all of the head; bins without any stay, since somebody may be about to fill them */
  show(examples: readonly KeptExample[]): void {
    this.#element.hidden = false;
    for (const label of new Set(examples.map((example) => example.label))) this.#binOf(label);
    for (const bin of this.#bins.values()) bin.show(examples.filter(({ label }) => label === bin.label));
    this.#options.onChange();
  }

  remove(label: string): void {
    this.#bins.get(label)?.element.remove();
    this.#bins.delete(label);
    element('label', HTMLInputElement).focus();
    this.#options.onChange();
  }

  #addTyped(): void {
    const field = element('label', HTMLInputElement);
    const label = trainedLabel(field.value);
    const fault = element('label-fault', HTMLParagraphElement);
    fault.hidden = label !== undefined;
    fault.textContent = `Write ${TRAINED_LABEL.expected.replace(/,$/, '')}.`;
    if (label === undefined) {
      field.focus();
      return;
    }
    field.value = '';
    const bin = this.#binOf(label);
    this.#options.say(`Label ${label} is there: add pictures to it.`);
    part(bin.element, '[data-part="files"]', HTMLInputElement).focus();
  }

  /** Each folder's pictures go to the label of its name. */
  #addFolders(chosen: readonly ChosenFile[]): void {
    if (this.#element.hidden) {
      this.#options.refuse('Choose a head and give the token first, then drop the pictures again.');
      return;
    }
    const pictures = picturesOf(chosen);
    const labels = new Set(
      pictures.map(({ folder }) => labelOfFolder(folder)).filter((label) => label !== ''),
    );
    for (const label of labels) {
      const files = pictures.filter(({ folder }) => labelOfFolder(folder) === label).map(({ file }) => file);
      this.#binOf(label).add(files);
    }
    // Last: what is sent takes away what was refused before.
    if (pictures.length === 0) this.#options.refuse('There is no picture in what was dropped or chosen.');
    if (pictures.some(({ folder }) => labelOfFolder(folder) === '')) {
      this.#options.refuse('Pictures without a folder need a label: drop them on the card of one.');
    }
  }

  #binOf(label: string): Bin {
    const known = this.#bins.get(label);
    if (known !== undefined) return known;
    const bin = new Bin(label, this.#options.actionsOf(label));
    this.#bins.set(label, bin);
    part(this.#element, '[data-part="bins"]', HTMLElement).append(bin.element);
    this.#options.onChange();
    return bin;
  }
}

/** Dropped beside a bin, files must not make the browser leave the page for them. */
function takeDrops(onFiles: (chosen: readonly ChosenFile[]) => void): void {
  const isFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  document.addEventListener('dragover', (event) => {
    if (isFiles(event)) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    if (!isFiles(event) || event.dataTransfer === null) return;
    event.preventDefault();
    void droppedFiles(event.dataTransfer).then(onFiles);
  });
}
