const STORAGE_KEY = 'clip-trainer-token';

/** The trainer's token, as long as this tab is open; never in an address, and in no storage that outlives the tab. */
export class Token {
  #value = read();

  /** Empty where none was given. */
  get value(): string {
    return this.#value;
  }

  set value(text: string) {
    this.#value = text.trim();
    try {
      if (this.#value === '') sessionStorage.removeItem(STORAGE_KEY);
      else sessionStorage.setItem(STORAGE_KEY, this.#value);
    } catch {
      // A browser that keeps nothing: the token lasts as long as the page.
    }
  }
}

function read(): string {
  try {
    return sessionStorage.getItem(STORAGE_KEY) ?? '';
  } catch {
    return '';
  }
}
