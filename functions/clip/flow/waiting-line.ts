import { AppError } from '../../../shared/core/errors.ts';
import { givenUp } from './given-up.ts';

/** How long whoever waits will wait. */
export interface Patience {
  readonly waitMs: number;
  /** Aborted when the client has left or the request's time is over: its place in the line is given up. */
  readonly signal?: AbortSignal | undefined;
}

/** Taken out of the line: its result is owed now. */
export interface Taken<T, R> {
  readonly value: T;
  /** Milliseconds that it waited. */
  readonly waitedMs: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

interface Entry<T, R> {
  readonly value: T;
  readonly take: () => Taken<T, R>;
}

/**
 * First come, first served; who has waited too long or has left is taken out.
 *
 * @example
 * const line = new WaitingLine<string, number>();
 * const answer = line.wait('a', { waitMs: 4_000 });
 * line.shift()?.resolve(1); // answer is 1
 */
export class WaitingLine<T, R> {
  readonly #entries = new Set<Entry<T, R>>();

  get length(): number {
    return this.#entries.size;
  }

  /** The value whose turn is next. */
  get next(): T | undefined {
    return this.#first()?.value;
  }

  /** @throws AppError `busy` after `waitMs`, or what `givenUp` says when the signal is aborted */
  wait(value: T, { waitMs, signal }: Patience): Promise<R> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(givenUp(signal));
        return;
      }
      const sinceMs = performance.now();
      const giveUp = (error: AppError) => {
        leave();
        reject(error);
      };
      const onAbort = () => {
        if (signal !== undefined) giveUp(givenUp(signal));
      };
      const timer = waitMs === Infinity ? undefined : setTimeout(() => giveUp(waitedTooLong(waitMs)), waitMs);
      const leave = () => {
        this.#entries.delete(entry);
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const entry = {
        value,
        take: () => {
          leave();
          return { value, waitedMs: performance.now() - sinceMs, resolve, reject };
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#entries.add(entry);
    });
  }

  /** Takes out whose turn it is; neither time nor the client's leaving reach it any more. */
  shift(): Taken<T, R> | undefined {
    return this.#first()?.take();
  }

  #first(): Entry<T, R> | undefined {
    for (const entry of this.#entries) return entry;
    return undefined;
  }
}

function waitedTooLong(waitMs: number): AppError {
  return new AppError(
    'busy',
    `Waited ${Math.ceil(waitMs / 100) / 10} s for a turn, and none came. Try again in a moment.`,
    {
      retryAfterSeconds: 2,
    },
  );
}
