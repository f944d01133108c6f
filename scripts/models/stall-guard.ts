import { TransferError } from './transfer-error.ts';

/** Aborts when nothing has moved for a while, or when the outer signal does. */
export class StallGuard {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #stallMs: number;
  #timer: NodeJS.Timeout;
  readonly #abort = () => {
    this.#controller.abort(this.#outer.reason);
  };

  constructor(stallMs: number, outer: AbortSignal) {
    this.#stallMs = stallMs;
    this.#outer = outer;
    outer.addEventListener('abort', this.#abort);
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  moved(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#abort);
    this.#controller.abort();
  }

  #start(): NodeJS.Timeout {
    const message = `no byte for ${this.#stallMs / 1000} s`;
    return setTimeout(() => {
      this.#controller.abort(new TransferError(`The server stalled: ${message}.`));
    }, this.#stallMs);
  }
}
