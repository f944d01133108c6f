import { answersToCsv } from '../../view/csv.ts';
import { html } from '../../view/html.ts';
import { addressQuery, type Question } from '../../view/question.ts';
import { copy } from './copy.ts';
import { download } from './download.ts';
import { build, onAction, part } from './element.ts';
import type { Picture } from './picture.ts';

/** What can be done with all answers: take them along, pass the question on, start afresh. */
export class ResultsBar {
  readonly element: HTMLElement;
  readonly #pictures: () => readonly Picture[];

  constructor(pictures: () => readonly Picture[]) {
    this.#pictures = pictures;
    this.element = build(
      html`<div class="actions" role="group" aria-label="All answers">
        <button type="button" class="button plain small" data-action="json">Download JSON</button>
        <button type="button" class="button plain small" data-action="csv">Download CSV</button>
        <button type="button" class="button plain small" data-action="link">
          Copy link to this question
        </button>
        <button type="button" class="button plain small" data-action="clear">Clear all</button>
        <p class="note" hidden>So many words are more than a link can carry. The code below has them all.</p>
      </div>`,
    );
    onAction(this.element, {
      json: () => download('answers.json', 'application/json', toJson(pictures())),
      csv: () => download('answers.csv', 'text/csv', answersToCsv(pictures())),
      link: () => void copy(location.href, this.#button('link')),
      clear: () => {
        for (const picture of [...pictures()]) picture.remove();
      },
    });
  }

  /** There is nothing to take along before the first answer, and no link to a question that is too long for one. */
  refresh(question: Question): void {
    const hasLink = addressQuery(question) !== undefined;
    this.#button('link').disabled = !hasLink;
    part(this.element, '.note', HTMLParagraphElement).hidden = hasLink;
    const hasAnswer = this.#pictures().some(({ answers }) => answers.length > 0);
    for (const action of ['json', 'csv']) this.#button(action).disabled = !hasAnswer;
  }

  #button(action: string): HTMLButtonElement {
    return part(this.element, `[data-action="${action}"]`, HTMLButtonElement);
  }
}

/** Each answer, or why there is none, as the service gave it, beside the file's name. What is still under way is left out. */
function toJson(pictures: readonly Picture[]): string {
  const images = pictures
    .filter(({ answers, problem }) => answers.length > 0 || problem !== undefined)
    .map(({ name, reply, problem }) => ({
      file: name,
      ...(problem === undefined ? { answer: reply } : { problem }),
    }));
  return `${JSON.stringify({ images }, null, 2)}\n`;
}
