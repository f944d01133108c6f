/**
 * Runs so many tasks at once, the others in their order. A task that fails makes room like any other.
 *
 * @example
 * const queue = new TaskQueue(2);
 * for (const file of files) void queue.run(() => send(file));
 */
export class TaskQueue {
  readonly #width: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(width: number) {
    this.#width = width;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#width) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await task();
    } finally {
      // The place goes straight to the next one: nobody can slip in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
