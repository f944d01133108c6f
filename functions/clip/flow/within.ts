import { AppError } from '../../../shared/core/errors.ts';
import { isOutOfTime } from '../../../shared/http/out-of-time.ts';
import { givenUp } from './given-up.ts';
import type { Patience } from './waiting-line.ts';

/**
 * What is being loaded, once it is there.
 * @param what is loading, as in `The head cifar100`
 * @throws AppError `not-ready` when that takes longer than `waitMs` or the request has; it goes on loading
 */
export async function within<T>(loading: Promise<T>, { waitMs, signal }: Patience, what: string): Promise<T> {
  let stop = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    const refuse = () => {
      const hasLeft = signal?.aborted === true && !isOutOfTime(signal);
      reject(hasLeft ? givenUp(signal) : stillLoading(what));
    };
    const timer = setTimeout(refuse, waitMs);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', refuse);
    };
    if (signal?.aborted === true) refuse();
    else signal?.addEventListener('abort', refuse, { once: true });
  });
  return Promise.race([loading, late]).finally(stop);
}

function stillLoading(what: string): AppError {
  return new AppError('not-ready', `${what} is still being loaded. Try again in a moment.`, {
    retryAfterSeconds: 3,
  });
}
