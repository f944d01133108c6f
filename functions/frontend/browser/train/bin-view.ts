import { byteCount, count } from '../../view/figures.ts';
import { html, type Html } from '../../view/html.ts';
import { describeState, type ExampleUpload } from './example-upload.ts';

/** Below this many pictures of a label nothing can be trained. */
export const MIN_EXAMPLES = 5;

/** A label with its pictures: the frame, filled by and by. @param id unique on the page */
export function binFrame(label: string, id: string): Html {
  return html`<section class="card bin" aria-labelledby="${id}-title">
    <div class="bin-head">
      <h3 id="${id}-title">${label}</h3>
      <p class="note" data-part="count"></p>
    </div>
    <div class="actions">
      <label class="button small"
        ><span>Add pictures<span class="unseen-text"> of ${label}</span></span
        ><input class="file" type="file" multiple accept="image/*,.heic,.heif" data-part="files"
      /></label>
      <label class="button plain small"
        ><span>Add a folder<span class="unseen-text"> of ${label}</span></span
        ><input class="file" type="file" multiple webkitdirectory data-part="folder"
      /></label>
      <span class="note drop-note">or drop them here</span>
    </div>
    <p class="note" data-part="left-out" hidden></p>
    <div class="panel" data-part="uploads" hidden></div>
    <ul class="thumbnails" data-part="thumbnails" aria-label="Pictures of ${label}" hidden></ul>
    <div class="actions">
      <button type="button" class="link" data-action="more" hidden></button>
      <button type="button" class="link" data-action="remove-label">
        Remove this label<span class="unseen-text"> ${label}</span> and its pictures
      </button>
    </div>
  </section>`;
}

/** @example countSentence(3) // '3 pictures, 2 more are needed' */
export function countSentence(pictures: number): string {
  const all = pictures === 1 ? '1 picture' : `${count(pictures)} pictures`;
  const missing = MIN_EXAMPLES - pictures;
  return missing > 0 ? `${all}, ${missing} more ${missing === 1 ? 'is' : 'are'} needed` : all;
}

/** How far all uploads of a label are, and each of them. */
export function uploadsView(uploads: readonly ExampleUpload[]): Html {
  const over = uploads.filter((upload) => upload.isOver).length;
  const isRunning = over < uploads.length;
  const failed = uploads.filter(({ state }) => state.is === 'failed').length;
  const repeatable = uploads.filter(isRepeatable).length;
  return html`
    <p class="note">${summary(uploads)}</p>
    ${isRunning && html`<progress max="${uploads.length}" value="${over}" aria-label="Pictures sent"></progress>`}
    <div class="actions">
      ${isRunning && html`<button type="button" class="button plain small" data-action="cancel">Cancel</button>`}
      ${
        repeatable > 0 &&
        html`<button type="button" class="button plain small" data-action="again">
          Send ${repeatable === 1 ? 'it' : `${repeatable}`} again
        </button>`
      }
      ${!isRunning && html`<button type="button" class="link" data-action="hide">Hide this list</button>`}
    </div>
    <details ${(isRunning || failed > 0) && html` open`}>
      <summary>The files</summary>
      <ul class="files" tabindex="0" aria-label="Files">
        ${[...uploads].sort(byNeed).map(
          (upload) =>
            html`<li class="${upload.state.is}">
              <span>${upload.file.name} <small>${byteCount(upload.file.size)}</small></span>
              <span>${describeState(upload.state)}</span>
            </li>`,
        )}
      </ul>
    </details>
  `;
}

function isRepeatable({ state }: ExampleUpload): boolean {
  return state.is === 'failed' && state.isRepeatable;
}

/** What was refused stands first: it is what somebody has to do something about. */
function byNeed(a: ExampleUpload, b: ExampleUpload): number {
  return Number(b.state.is === 'failed') - Number(a.state.is === 'failed');
}

/** @example '12 of 40 done: 10 added, 1 there already, 1 refused' */
export function summary(uploads: readonly ExampleUpload[]): string {
  const times = (is: string): number => uploads.filter(({ state }) => state.is === is).length;
  const notSent = uploads.filter(isRepeatable).length;
  const parts = [
    [times('kept'), 'added'],
    [times('duplicate'), 'there already'],
    [times('failed') - notSent, 'refused'],
    [notSent, 'not sent'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  const over = uploads.filter((upload) => upload.isOver).length;
  return `${over} of ${uploads.length} done${told.length === 0 ? '' : `: ${told.join(', ')}`}`;
}
