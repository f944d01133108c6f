/**
 * Prints lines, each fatal one only once: a function that cannot start is started again, and says the same again.
 *
 * @example
 * const fatal = new FatalOnce(print);
 * fatal.print('clip  FATAL no model'); // printed
 * fatal.print('clip  FATAL no model'); // left out
 */
export class FatalOnce {
  readonly #print: (line: string) => void;
  readonly #said = new Set<string>();

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  print(line: string | undefined): void {
    if (line === undefined) return;
    if (/^\S+ {2}FATAL /.test(line)) {
      if (this.#said.has(line)) return;
      this.#said.add(line);
    }
    this.#print(line);
  }

  /** From now on each is news again: something was changed. */
  forget(): void {
    this.#said.clear();
  }
}
