import type { Problem } from '../../../shared/http/problem.ts';
import { html, type Html } from '../view/html.ts';
import { inPlainWords } from '../view/plain-problem.ts';
import { layout, type PageFrame } from './layout.ts';

/** What went wrong, what to do, and the id to ask the operator with. Never what the inside looks like. */
export function problemPage(frame: PageFrame, problem: Problem, address: string): Html {
  const { title, detail, advice } = inPlainWords(problem);
  return layout(frame, {
    title: `${title} – What is in this picture?`,
    address,
    main: html`<div class="card problem" role="alert">
      <div class="said">
        <h1>${title}</h1>
        <p>${detail}</p>
        ${advice !== '' && html`<p>${advice}</p>`}
        <p><a class="button" href="./">Back to the first page</a></p>
        <p class="note">
          Status
          ${problem.status}${problem.callId !== undefined && html`, call id <code>${problem.callId}</code>`}
        </p>
      </div>
    </div>`,
  });
}
