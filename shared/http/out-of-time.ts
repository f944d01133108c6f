/**
 * Whether a request's signal was aborted because the time for its answer is nearly over; otherwise its client has left.
 * The template's server says so with a `TimeoutError`, as `AbortSignal.timeout` does.
 */
export function isOutOfTime({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}
