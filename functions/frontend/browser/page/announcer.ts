/** Says to people who hear the page what others see. Several things at once are said together. */
export class Announcer {
  readonly #region: HTMLElement;
  #waiting: string[] = [];

  /** @param region with `role="status"`, on the page from the start */
  constructor(region: HTMLElement) {
    this.#region = region;
  }

  say(text: string): void {
    this.#waiting.push(text);
    if (this.#waiting.length > 1) return;
    // Emptied first: a screen reader is silent about a text that stays the same.
    this.#region.textContent = '';
    setTimeout(() => {
      this.#region.textContent = this.#waiting.join(' ');
      this.#waiting = [];
    }, 150);
  }
}
