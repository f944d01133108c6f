import { html } from 'hono/html';
import { problemHeaders, problemOf } from '../../../shared/http/problem.ts';
import { PUBLIC_PATH } from '../api/document.ts';
import { respondPage } from './page.ts';

/** An error for a person in a browser: what happened, which fields, and the id to ask about. */
export function respondProblemPage(error: unknown, callId: string): Promise<Response> {
  const { title, detail, status, errors = [] } = problemOf(error, callId);
  const main = html`<p>${detail}</p>
    ${
      errors.length > 1
        ? html`<ul>
            ${errors.map(({ message }) => html`<li>${message}</li>`)}
          </ul>`
        : ''
    }
    <p><a href="${PUBLIC_PATH}/">How to use clip</a></p>
    <p>Status ${status}, call id <code>${callId}</code></p>`;
  return respondPage(
    { title, main },
    { status, headers: { 'Cache-Control': 'no-store', ...problemHeaders(error) } },
  );
}
