/**
 * Whether events are wanted as NDJSON rather than as server-sent events. The gateway passes a stream on as it comes
 * only where `Accept` begins with `text/event-stream`; NDJSON arrives behind it in one piece.
 * @example prefersNdjson(request with 'Accept: application/x-ndjson') // true
 */
export function prefersNdjson(request: Request): boolean {
  const accept = (request.headers.get('Accept') ?? '').trim().toLowerCase();
  if (accept.startsWith('text/event-stream')) return false;
  return /application\/(x-ndjson|json)\b/.test(accept);
}
