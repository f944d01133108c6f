/**
 * A number of places, for what may not be done by more at once. In process: the function runs as one replica.
 *
 * @example
 * const leave = places.take();
 * if (leave === undefined) throw busy;
 * try { … } finally { leave(); }
 */
export class Places {
  readonly #count: number;
  #free: number;
  readonly #waiters: (() => void)[] = [];

  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  get taken(): number {
    return this.#count - this.#free;
  }

  /** @returns what gives the place back, once however often it is called; undefined when all are taken */
  take(): (() => void) | undefined {
    if (this.#free === 0) return undefined;
    this.#free -= 1;
    return this.#place();
  }

  /**
   * The same for one who can wait: whoever came first is first, so that nobody who comes again and again keeps others out.
   * @returns undefined when none came free until the signal
   */
  async wait(signal: AbortSignal): Promise<(() => void) | undefined> {
    const now = this.take();
    if (now !== undefined || signal.aborted) return now;
    return new Promise((resolve) => {
      const waiter = (): void => {
        signal.removeEventListener('abort', give);
        resolve(this.#place());
      };
      const give = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        resolve(undefined);
      };
      this.#waiters.push(waiter);
      signal.addEventListener('abort', give, { once: true });
    });
  }

  #place(): () => void {
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      // Handed on as it is: nobody who comes now can take it before those who wait.
      const next = this.#waiters.shift();
      if (next === undefined) this.#free += 1;
      else next();
    };
  }
}
