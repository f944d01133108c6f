import { randomUUID } from 'node:crypto';

/** What a caller may choose as its own id: short, printable, safe in a log line and in a header. */
const CALL_ID = /^[\w.:-]{1,128}$/;

const ids = new WeakMap<Request, string>();

/**
 * The id that names this request in every log and answer: the caller's `X-Call-Id`, or a new one where there is none
 * or it is not usable. The same request object always has the same id.
 *
 * @example callIdOf(new Request('http://h/', { headers: { 'X-Call-Id': 'abc' } })) // 'abc'
 */
export function callIdOf(request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const given = request.headers.get('X-Call-Id') ?? '';
  const id = CALL_ID.test(given) ? given : randomUUID();
  ids.set(request, id);
  return id;
}
