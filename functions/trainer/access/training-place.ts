import { AppError } from '../../../shared/core/errors.ts';
import type { Places } from './places.ts';

/**
 * The one place for what changes a head: a training, or its removal.
 * @returns what gives the place back
 * @throws AppError `conflict` while a training runs
 */
export function takeTrainingPlace(trainings: Places): () => void {
  const leave = trainings.take();
  if (leave !== undefined) return leave;
  throw new AppError('conflict', 'Another training is running. Wait for its end, at most 20 seconds.', {
    retryAfterSeconds: 5,
  });
}
