import { AppError } from '../../core/errors.ts';

/** A restart of Redis takes about that long. */
const RETRY_AFTER_SECONDS = 5;

export function storeAway(cause: unknown): AppError {
  return new AppError(
    'store-away',
    'The store that keeps heads and examples does not answer. Wait a moment and send it again.',
    { cause, retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}

export function storeFull(cause: unknown): AppError {
  return new AppError(
    'store-full',
    'The store that keeps heads and examples is full. Delete examples or heads that are not needed, or give it more room.',
    { cause },
  );
}

/** What a store's own error means: no room left, or not there. */
export function asStoreError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return isFull(error) ? storeFull(error) : storeAway(error);
}

/** Redis says `OOM command not allowed …`, LMDB `MDB_MAP_FULL`, the file system `ENOSPC` or `No space left on device`. */
function isFull(error: unknown): boolean {
  const text = error instanceof Error ? `${'code' in error ? String(error.code) : ''} ${error.message}` : '';
  return /\bOOM\b|MAP_FULL|ENOSPC|EDQUOT|No space left|quota/i.test(text);
}
