import { answersToCsv } from '../../view/csv.ts';
import { html } from '../../view/html.ts';
import { copy } from './copy.ts';
import { download } from './download.ts';
import { build, onAction } from './element.ts';
import type { Picture } from './picture.ts';

/** What can be done with all answers: take them along, pass the question on, start afresh. */
export function resultsBar(pictures: () => readonly Picture[]): HTMLElement {
  const bar = build(
    html`<div class="actions" role="group" aria-label="All answers">
      <button type="button" class="button plain small" data-action="json">Download JSON</button>
      <button type="button" class="button plain small" data-action="csv">Download CSV</button>
      <button type="button" class="button plain small" data-action="link">Copy link to this question</button>
      <button type="button" class="button plain small" data-action="clear">Clear all</button>
    </div>`,
  );
  const answered = (): readonly Picture[] => pictures().filter((picture) => picture.answers.length > 0);
  onAction(bar, {
    json: () => download('answers.json', 'application/json', toJson(answered())),
    csv: () => download('answers.csv', 'text/csv', answersToCsv(answered())),
    link: () => {
      const button = bar.querySelector<HTMLButtonElement>('[data-action="link"]');
      if (button !== null) void copy(location.href, button);
    },
    clear: () => {
      for (const picture of [...pictures()]) picture.remove();
    },
  });
  return bar;
}

/** Each answer as the service gave it, beside the file's name. */
function toJson(pictures: readonly Picture[]): string {
  const images = pictures.map((picture) => ({ file: picture.name, answer: picture.reply }));
  return `${JSON.stringify({ images }, null, 2)}\n`;
}
