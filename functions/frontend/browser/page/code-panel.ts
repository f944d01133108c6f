import type { HeadSummary } from '../../view/head-summary.ts';
import { html } from '../../view/html.ts';
import type { Question } from '../../view/question.ts';
import { snippetsFor, type Snippets } from '../../view/snippets.ts';
import { copy } from './copy.ts';
import { build, onAction } from './element.ts';

const LANGUAGES: readonly (readonly [keyof Snippets, string])[] = [
  ['curl', 'curl'],
  ['javascript', 'JavaScript'],
  ['python', 'Python'],
];

/** The present question as code to copy. */
export class CodePanel {
  readonly element: HTMLElement;
  #snippets: Snippets = { curl: '', javascript: '', python: '' };
  #language: keyof Snippets = 'curl';

  constructor() {
    this.element = build(
      html`<section class="panel" aria-labelledby="code-title">
        <h2 id="code-title">The same question from your code</h2>
        <div class="tabs" role="group" aria-label="Language">
          ${LANGUAGES.map(
            ([language, title]) => html`<button type="button" data-action="${language}">${title}</button>`,
          )}
        </div>
        <pre tabindex="0" role="region" aria-label="Code"><code></code></pre>
        <div class="actions">
          <button type="button" class="button plain small" data-action="copy">Copy</button>
          <a class="button plain small" href="../clip/openapi.json">OpenAPI document</a>
        </div>
      </section>`,
    );
    const choose = (language: keyof Snippets) => () => {
      this.#language = language;
      this.#render();
    };
    onAction(this.element, {
      curl: choose('curl'),
      javascript: choose('javascript'),
      python: choose('python'),
      copy: () => {
        const button = this.element.querySelector<HTMLButtonElement>('[data-action="copy"]');
        const code = this.element.querySelector('code');
        if (button !== null && code !== null) void copy(this.#snippets[this.#language], button, code);
      },
    });
  }

  show(question: Question, heads: readonly HeadSummary[]): void {
    const clipUrl = new URL('../clip', document.baseURI).href;
    this.#snippets = snippetsFor(question, heads, clipUrl);
    this.#render();
  }

  #render(): void {
    const code = this.element.querySelector('code');
    if (code !== null) code.textContent = this.#snippets[this.#language];
    for (const [language] of LANGUAGES) {
      const button = this.element.querySelector(`[data-action="${language}"]`);
      button?.setAttribute('aria-pressed', String(language === this.#language));
    }
  }
}
