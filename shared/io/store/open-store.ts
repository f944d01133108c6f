import type { Log } from '../../core/log.ts';
import type { KeyValueStore } from './key-value-store.ts';
import { LmdbStore } from './lmdb-store.ts';
import { RedisStore } from './redis-store.ts';

export interface StoreOptions {
  /** `lmdb:DIRECTORY` for the embedded store, `redis://…` or `rediss://…` for a server. */
  readonly url: string;
  /** Of the server; it never stands in the URL. */
  readonly password?: string;
  /** Bound of the embedded store; Redis has its own, `maxmemory`. */
  readonly maxBytes: number;
  readonly log: Log;
}

/** Quick enough that an outage is noticed within a request. */
const REDIS_TIMEOUT_MS = 200;
const EMBEDDED = 'lmdb:';

/**
 * Why a URL names no store; undefined when it does.
 * @example storeUrlProblem('redis://:secret@host') // '… a URL without a password …'
 */
export function storeUrlProblem(url: string): string | undefined {
  const expected = (what: string) => `Expected ${what} for STORE_URL.`;
  if (url.startsWith(EMBEDDED)) {
    return url.length > EMBEDDED.length ? undefined : expected('lmdb: and a directory');
  }
  // What was received is not repeated: it may hold the password.
  if (!/^rediss?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    return expected('lmdb:DIRECTORY, redis://HOST or rediss://HOST');
  }
  const hasPassword = new URL(url).password !== '';
  return hasPassword
    ? expected('a URL without a password, which belongs in the secret store-password,')
    : undefined;
}

/** @throws Error for a URL that names no store, AppError `store-away` when the embedded one cannot be opened */
export async function openStore(options: StoreOptions): Promise<KeyValueStore> {
  const problem = storeUrlProblem(options.url);
  if (problem !== undefined) throw new Error(`Settings are not usable. ${problem}`);
  if (options.url.startsWith(EMBEDDED)) {
    return LmdbStore.open({ path: options.url.slice(EMBEDDED.length), maxBytes: options.maxBytes });
  }
  const { url, password, log } = options;
  return RedisStore.open({
    url,
    timeoutMs: REDIS_TIMEOUT_MS,
    log,
    ...(password === undefined ? {} : { password }),
  });
}
