import type { ServerResponse } from 'node:http';

/** Shares of `exec_timeout`: then the function is told, and then the server answers in its place. */
const TOLD_AT = 0.9;
const OVER_AT = 0.95;

/**
 * How long a function may take until it has a response. of-watchdog ends a request at `exec_timeout` with a 504 that has
 * no body and no word for anybody; whoever waits deserves to hear more, so this ends shortly before.
 *
 * - `signal` is the request's: aborted with a `TimeoutError` at 90 % of the time, so that the function can still say
 *   itself what took so long, or with an `AbortError` when the client goes away.
 * - `over` resolves at 95 %.
 * - `stop()` is said once there is a response: what streams on after that has no such limit.
 */
export class TimeLimit {
  readonly over: Promise<void>;
  readonly #aborting = new AbortController();
  readonly #timers: readonly NodeJS.Timeout[];

  /** @param execTimeoutMs 0 for no limit, as of-watchdog has it */
  constructor(outgoing: ServerResponse, execTimeoutMs: number) {
    outgoing.once('close', () => {
      this.stop();
      if (!outgoing.writableFinished) this.#abort('The client went away.', 'AbortError');
    });
    let pass = (): void => undefined;
    this.over = new Promise((resolve) => (pass = resolve));
    const tell = (): void => this.#abort('The time for an answer is nearly over.', 'TimeoutError');
    this.#timers =
      execTimeoutMs === 0
        ? []
        : [setTimeout(tell, execTimeoutMs * TOLD_AT), setTimeout(pass, execTimeoutMs * OVER_AT)];
  }

  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #abort(message: string, name: 'AbortError' | 'TimeoutError'): void {
    this.#aborting.abort(new DOMException(message, name));
  }
}
