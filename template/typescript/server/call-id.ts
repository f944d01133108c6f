import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const CALL_ID = /^[\w.:-]{1,128}$/;

/** The request's `X-Call-Id`, which the gateway sets, or a new one where it is absent or not fit for a log. */
export function callIdOf(incoming: IncomingMessage): string {
  const given = incoming.headers['x-call-id'];
  return typeof given === 'string' && CALL_ID.test(given) ? given : randomUUID();
}
