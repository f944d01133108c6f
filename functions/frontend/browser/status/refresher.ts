export interface RefresherOptions<T> {
  /** Rejects when no answer is to be had. */
  readonly ask: (signal: AbortSignal) => Promise<T>;
  readonly onFresh: (value: T) => void;
  /** @param nextMs after which it is asked again */
  readonly onAway: (nextMs: number) => void;
  /** Between an answer and the next question. */
  readonly everyMs: number;
  /** Between questions to a server that stays away. */
  readonly longestMs: number;
  /** For one answer. */
  readonly patienceMs: number;
}

/**
 * Asks again and again, one question at a time, and ever more rarely where no answer comes.
 *
 * @example
 * const refresher = new Refresher({ ask, onFresh: show, onAway: say, everyMs: 5_000, longestMs: 60_000, patienceMs: 8_000 });
 * refresher.askNow();
 */
export class Refresher<T> {
  readonly #options: RefresherOptions<T>;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor(options: RefresherOptions<T>) {
    this.#options = options;
  }

  /** Asks after the usual time. */
  askLater(): void {
    this.stop();
    this.#schedule(this.#options.everyMs);
  }

  askNow(): void {
    this.stop();
    void this.#ask();
  }

  /** An answer that is still under way is not waited for. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = undefined;
  }

  async #ask(): Promise<void> {
    const { ask, onFresh, onAway, everyMs, longestMs, patienceMs } = this.#options;
    const asking = new AbortController();
    this.#asking = asking;
    const patience = setTimeout(() => asking.abort(), patienceMs);
    const isLate = (): boolean => this.#asking !== asking;
    try {
      const value = await ask(asking.signal);
      if (isLate()) return;
      this.#failures = 0;
      onFresh(value);
      this.#schedule(everyMs);
    } catch {
      if (isLate()) return;
      this.#failures += 1;
      const nextMs = backOffMs(this.#failures, everyMs, longestMs);
      onAway(nextMs);
      this.#schedule(nextMs);
    } finally {
      clearTimeout(patience);
    }
  }

  #schedule(ms: number): void {
    this.#timer = setTimeout(() => void this.#ask(), ms);
  }
}

/** @example [1, 2, 3, 9].map((failures) => backOffMs(failures, 5_000, 60_000)) // [5_000, 10_000, 20_000, 60_000] */
export function backOffMs(failures: number, everyMs: number, longestMs: number): number {
  return Math.min(longestMs, everyMs * 2 ** (failures - 1));
}
