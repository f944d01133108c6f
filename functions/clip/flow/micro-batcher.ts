import { WaitingLine, type Patience } from './waiting-line.ts';

export interface MicroBatcherOptions<T, R> {
  /** Results in the order of the items. */
  readonly run: (items: readonly T[]) => Promise<readonly R[]>;
  /** Items of one run. */
  readonly maxBatch: number;
}

export interface BatchedResult<R> {
  readonly result: R;
  readonly queueMs: number;
  /** The run's time, of the whole batch. */
  readonly runMs: number;
}

/**
 * One run at a time; those that wait together while it lasts are the next run. An item that finds nobody at work is
 * run at once: no time is spent on waiting for company.
 *
 * @example three items while the first run lasts: two runs, of 1 and of 3 items
 */
export class MicroBatcher<T, R> {
  readonly #line = new WaitingLine<T, BatchedResult<R>>();
  readonly #options: MicroBatcherOptions<T, R>;
  #isRunning = false;

  constructor(options: MicroBatcherOptions<T, R>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#line.length;
  }

  /** @throws AppError `busy` when no run took the item in time; whatever its run threw */
  add(item: T, patience: Patience): Promise<BatchedResult<R>> {
    const result = this.#line.wait(item, patience);
    if (!this.#isRunning) void this.#runAll();
    return result;
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    while (this.#line.length > 0) await this.#runOne();
    this.#isRunning = false;
  }

  /** Never rejects: what goes wrong goes to those whose items it was. */
  async #runOne(): Promise<void> {
    const batch = Array.from({ length: this.#options.maxBatch }, () => this.#line.shift()).filter(
      (taken) => taken !== undefined,
    );
    const startMs = performance.now();
    try {
      const results = await this.#options.run(batch.map(({ value }) => value));
      if (results.length !== batch.length) {
        throw new RangeError(`Expected ${batch.length} results of a run but received ${results.length}.`);
      }
      const runMs = performance.now() - startMs;
      for (const [index, result] of results.entries()) {
        batch[index]?.resolve({ result, queueMs: batch[index].waitedMs, runMs });
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
