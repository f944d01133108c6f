import { AppError } from '../../../shared/core/errors.ts';

/**
 * What is being loaded, once it is there.
 * @param what is loading, as in `The head cifar100`
 * @throws AppError `not-ready` when that takes longer than `waitMs`; it goes on loading
 */
export async function within<T>(loading: Promise<T>, waitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new AppError('not-ready', `${what} is still being loaded. Try again in a moment.`, {
          retryAfterSeconds: 3,
        }),
      );
    }, waitMs);
  });
  return Promise.race([loading, late]).finally(() => clearTimeout(timer));
}
