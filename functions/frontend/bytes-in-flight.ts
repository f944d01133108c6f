import { AppError } from '../../shared/core/errors.ts';

/** What one request holds of the budget. */
export interface BytesHeld {
  /** @throws AppError `busy` when all requests together would hold too much */
  add(bytes: number): void;
  release(): void;
}

/**
 * Bounds the bytes that all requests hold together, counted as they come in: nobody says beforehand how long a body is.
 *
 * @example
 * const held = budget.open();
 * try { for await (const chunk of body) held.add(chunk.length); } finally { held.release(); }
 */
export class BytesInFlight {
  readonly #max: number;
  #total = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get total(): number {
    return this.#total;
  }

  open(): BytesHeld {
    let own = 0;
    return {
      add: (bytes) => {
        if (this.#total + bytes > this.#max) {
          throw new AppError(
            'busy',
            'Too many pictures are being sent at once. Wait a moment and send it again.',
            {
              retryAfterSeconds: 1,
            },
          );
        }
        this.#total += bytes;
        own += bytes;
      },
      release: () => {
        this.#total -= own;
        own = 0;
      },
    };
  }
}
