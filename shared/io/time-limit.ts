/**
 * A signal for what may take only so long, and which another signal may end before. Nobody needs to hold it: of
 * `AbortSignal.any` with `AbortSignal.timeout`, Node 20 forgets the time as soon as memory is cleared, and waits for ever.
 * @returns aborted with a `TimeoutError`, or with the signal's reason; its timer keeps no process alive
 */
export function timeLimit(ms: number, signal: AbortSignal): AbortSignal {
  const late = new AbortController();
  setTimeout(() => late.abort(new DOMException('The time is over.', 'TimeoutError')), ms).unref();
  return AbortSignal.any([signal, late.signal]);
}
