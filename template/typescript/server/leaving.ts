import type { Server } from 'node:http';

/** Requests that a proxy already holds may still arrive this long after it stopped taking new ones. */
const IDLE_MARGIN_MS = 500;

export interface LeavingOptions {
  /** For this long after the signal new requests may still be sent here. */
  readonly healthcheckIntervalMs: number;
  /** The longest that one answer may take. */
  readonly writeTimeoutMs: number;
}

/**
 * When to leave after SIGTERM: the server goes on serving until no request was in flight for a moment, but never
 * longer than the requests that were begun before may take.
 */
export class Leaving {
  readonly #options: LeavingOptions;
  #inFlight = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #leave: (() => void) | undefined;

  constructor(server: Server, options: LeavingOptions) {
    this.#options = options;
    server.prependListener('request', (_incoming, outgoing) => {
      this.#inFlight += 1;
      clearTimeout(this.#idleTimer);
      outgoing.once('close', () => {
        this.#inFlight -= 1;
        if (this.#leave !== undefined) this.#waitForIdle();
      });
    });
  }

  /** Resolves when it is time. */
  async whenIdle(): Promise<void> {
    const { healthcheckIntervalMs, writeTimeoutMs } = this.#options;
    let fallback: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#leave = resolve;
      fallback = setTimeout(resolve, healthcheckIntervalMs + writeTimeoutMs);
      this.#waitForIdle();
    });
    clearTimeout(fallback);
    clearTimeout(this.#idleTimer);
  }

  #waitForIdle(): void {
    clearTimeout(this.#idleTimer);
    if (this.#inFlight > 0) return;
    const idleMs = this.#options.healthcheckIntervalMs + IDLE_MARGIN_MS;
    this.#idleTimer = setTimeout(() => this.#leave?.(), idleMs);
  }
}
