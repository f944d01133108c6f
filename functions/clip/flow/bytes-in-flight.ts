import { AppError } from '../../../shared/core/errors.ts';

/** Bodies of all requests together, counted as they come in, so that many at once cannot fill the memory. */
export class BytesInFlight {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Room for one request's body.
   * @returns `admit`, to be told of each chunk: it throws an AppError `busy` when there is no more room; `release`
   *          gives back all that was admitted
   */
  open(): { admit: (bytes: number) => void; release: () => void } {
    let held = 0;
    return {
      admit: (bytes) => {
        if (this.#bytes + bytes > this.#maxBytes) throw full(this.#maxBytes);
        this.#bytes += bytes;
        held += bytes;
      },
      release: () => {
        this.#bytes -= held;
        held = 0;
      },
    };
  }
}

function full(maxBytes: number): AppError {
  return new AppError(
    'busy',
    `Expected at most ${maxBytes} bytes of all requests at once but received more. Try again in a moment.`,
    { retryAfterSeconds: 1 },
  );
}
