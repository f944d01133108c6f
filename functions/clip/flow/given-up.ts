import { AppError } from '../../../shared/core/errors.ts';
import { isOutOfTime } from '../../../shared/http/out-of-time.ts';

/** Why work for a request ends before it is done, by the request's signal that was aborted. */
export function givenUp(signal: AbortSignal): AppError {
  return isOutOfTime(signal) ? outOfTime() : clientLeft();
}

function outOfTime(): AppError {
  return new AppError('busy', 'There is too much to do for an answer in time. Try again in a moment.', {
    retryAfterSeconds: 2,
  });
}

/** Nobody reads this answer; it only ends the work. */
function clientLeft(): AppError {
  return new AppError('bad-request', 'The client left before its answer was there.');
}
