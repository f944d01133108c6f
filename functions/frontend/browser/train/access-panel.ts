import { html } from '../../view/html.ts';
import { element, fill, part } from '../page/element.ts';
import type { Token } from './token.ts';

const CONSENT_KEY = 'clip-trainer-consent';

/**
 * What is asked before anything is sent: the token, once, and that the pictures may be kept. Both last as long as the tab.
 */
export class AccessPanel {
  readonly #element = element('access', HTMLDivElement);
  readonly #token: Token;
  readonly #onToken: () => void;

  /** @param onToken told when a token was given or forgotten */
  constructor(token: Token, onToken: () => void) {
    this.#token = token;
    this.#onToken = onToken;
    this.#element.hidden = false;
    this.#element.addEventListener('submit', (event) => {
      event.preventDefault();
      const field = part(this.#element, '#token', HTMLInputElement);
      if (field.value.trim() === '') return;
      this.#set(field.value);
    });
    this.#element.addEventListener('click', (event) => {
      if (event.target instanceof Element && event.target.closest('[data-action="forget"]') !== null) {
        this.#set('');
      }
    });
    this.#element.addEventListener('change', (event) => {
      if (event.target instanceof HTMLInputElement && event.target.id === 'consent') {
        remember(event.target.checked);
      }
    });
    this.show();
  }

  get hasConsent(): boolean {
    return part(this.#element, '#consent', HTMLInputElement).checked;
  }

  focusConsent(): void {
    part(this.#element, '#consent', HTMLInputElement).focus();
  }

  /** @param refusal why the token is asked for again */
  show(refusal = ''): void {
    const hadFocus = this.#element.contains(document.activeElement);
    const hasToken = this.#token.value !== '' && refusal === '';
    fill(
      this.#element,
      html`
        <h2>Access</h2>
        ${
          hasToken
            ? html`<p class="note">
                The token is there, until this tab is closed.
                <button type="button" class="link" data-action="forget">Forget it</button>
              </p>`
            : html`<form class="fields">
                <label for="token">Token</label>
                <input id="token" type="password" autocomplete="off" aria-describedby="token-note" />
                ${refusal !== '' && html`<p class="wrong" role="alert">${refusal}</p>`}
                <p id="token-note" class="note">
                  Whoever runs this service has it: <code>npm start</code> prints one,
                  <code>npm run secrets</code> makes one for a cluster. It is kept until this tab is closed.
                </p>
                <button type="submit" class="button small">Use this token</button>
              </form>`
        }
        <label class="check">
          <input id="consent" type="checkbox" ${isRemembered() && html` checked`} />
          <span
            >I may pass these pictures on, and they may be kept: a small copy of each, its label, hash and
            embeddings, until somebody with the token removes them.</span
          >
        </label>
      `,
    );
    if (hadFocus || refusal !== '') this.#element.querySelector<HTMLElement>('input, button')?.focus();
  }

  #set(token: string): void {
    this.#token.value = token;
    this.show();
    this.#onToken();
  }
}

function remember(isGiven: boolean): void {
  try {
    if (isGiven) sessionStorage.setItem(CONSENT_KEY, 'yes');
    else sessionStorage.removeItem(CONSENT_KEY);
  } catch {
    // A browser that keeps nothing: it is asked on each page.
  }
}

export function isRemembered(): boolean {
  try {
    return sessionStorage.getItem(CONSENT_KEY) === 'yes';
  } catch {
    return false;
  }
}
