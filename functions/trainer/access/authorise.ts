import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../../shared/core/errors.ts';

const HOW_TO_TURN_ON =
  'Writes are switched off, because no token is set. Whoever runs this service turns them on with the OpenFaaS secret ' +
  '`trainer-token` (faas-cli secret create trainer-token --from-file=FILE), or TRAINER_TOKEN on one machine.';
const HOW_TO_SEND = 'Send it as `Authorization: Bearer TOKEN`.';

/**
 * Lets a request pass that carries the token.
 * @param token undefined where none is set: then nobody passes
 * @throws AppError `writes-off`, or `unauthorized` for a missing or wrong token
 */
export function authorise(request: Request, token: string | undefined): void {
  if (token === undefined) throw new AppError('writes-off', HOW_TO_TURN_ON);
  const header = request.headers.get('Authorization');
  if (header === null) {
    throw new AppError('unauthorized', `Expected a token for this route but received none. ${HOW_TO_SEND}`);
  }
  const given = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (given === undefined || !isSame(given, token)) {
    throw new AppError(
      'unauthorized',
      `Expected this service's token but received another one. ${HOW_TO_SEND}`,
    );
  }
}

/** Takes as long for any wrong token: hashes have one length, and are compared to their end. */
function isSame(given: string, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}
