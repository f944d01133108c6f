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
    let isTaken = true;
    return () => {
      if (isTaken) this.#free += 1;
      isTaken = false;
    };
  }
}
