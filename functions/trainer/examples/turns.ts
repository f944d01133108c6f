/**
 * Work on the same thing, one after the other in the order in which it comes. In process: the function runs as one replica.
 *
 * @example
 * await turns.take('a', first);
 * await turns.take('a', second); // begins once the first has ended, however it ended
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** @returns what the work returns @throws what it throws */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, ended);
    try {
      return await result;
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    }
  }
}
