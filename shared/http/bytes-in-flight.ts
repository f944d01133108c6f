import { AppError } from '../core/errors.ts';

/** What one request holds of the budget. */
export interface BytesHeld {
  /** To be told of each chunk as it comes. @throws AppError `busy` when all requests together would hold too much */
  readonly admit: (bytes: number) => void;
  /** Gives back all that was admitted; again: nothing. */
  readonly release: () => void;
}

/**
 * Bounds the bytes that all requests hold together, counted as they come in: nobody says beforehand how long a body is.
 *
 * @example
 * const held = budget.open();
 * try { for await (const chunk of body) held.admit(chunk.length); } finally { held.release(); }
 */
export class BytesInFlight {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  open(): BytesHeld {
    let held = 0;
    return {
      admit: (bytes) => {
        if (this.#bytes + bytes > this.#maxBytes) throw full();
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

function full(): AppError {
  const message = 'Too many pictures are being sent at once. Wait a moment and send it again.';
  return new AppError('busy', message, { retryAfterSeconds: 1 });
}
