import type { ServedFunction } from './served-function.ts';

/** A function that is still loading, or loaded. Requests may wait for it, for a bounded time. */
export class LoadingFunction {
  #loaded: ServedFunction | undefined;
  #settle!: (served: ServedFunction) => void;
  readonly #loading = new Promise<ServedFunction>((resolve) => {
    this.#settle = resolve;
  });

  /** The function if it is there now. */
  get now(): ServedFunction | undefined {
    return this.#loaded;
  }

  /** Said once, by whoever loads it. */
  loaded(served: ServedFunction): void {
    this.#loaded = served;
    this.#settle(served);
  }

  /** The function once it is there; undefined when that takes longer than `maxMs`. */
  async within(maxMs: number): Promise<ServedFunction | undefined> {
    if (this.#loaded !== undefined) return this.#loaded;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), maxMs);
    });
    return Promise.race([this.#loading, late]).finally(() => clearTimeout(timer));
  }
}
