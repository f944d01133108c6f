import type { Metrics, Stage } from '../metrics.ts';
import type { StageTimes } from '../models/image-embedder.ts';

/** Adds up where a request's time went, for `Server-Timing` and the metrics. */
export class StageClock {
  readonly #metrics: Metrics;
  readonly #totals = new Map<Stage, number>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  addImage({ queueMs, decodeMs, encodeMs }: StageTimes): void {
    this.add('queue', queueMs);
    this.add('decode', decodeMs);
    this.add('encode', encodeMs);
  }

  add(stage: Stage, ms: number): void {
    this.#metrics.observeStage(stage, ms);
    this.#totals.set(stage, (this.#totals.get(stage) ?? 0) + ms);
  }

  /** Runs it as a stage. */
  measure<T>(stage: Stage, work: () => T): T {
    const startMs = performance.now();
    const result = work();
    this.add(stage, performance.now() - startMs);
    return result;
  }

  /**
   * Milliseconds of each stage, all pictures together; those from the cache have none.
   * @example 'queue;dur=0.1, decode;dur=9.8, encode;dur=4.9, head;dur=0.2'
   * @see https://www.w3.org/TR/server-timing/
   */
  get header(): string {
    return [...this.#totals].map(([stage, ms]) => `${stage};dur=${Math.round(ms * 10) / 10}`).join(', ');
  }
}
