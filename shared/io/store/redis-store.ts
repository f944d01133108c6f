import type { Log } from '../../core/log.ts';
import { checkEntry, type KeyValueStore, type PutOptions } from './key-value-store.ts';
import { asStoreError, storeAway } from './store-errors.ts';

export interface RedisOptions {
  /** `redis://host:port[/database]` or `rediss://…`, without a password. */
  readonly url: string;
  readonly password?: string;
  /** For one command, milliseconds. */
  readonly timeoutMs: number;
  readonly log: Log;
}

type Connection = Awaited<ReturnType<typeof connect>>;

const VALUE = 'clip:value:';
/** Sorted sets of all keys, for `list`: of values that stay, and of those that expire on their own. */
const LASTING = 'clip:keys';
const EXPIRING = 'clip:expiring';
/** Values of one MGET: an answer of some MiB must fit into the timeout. */
const KEYS_A_COMMAND = 64;
/** Names of one ZRANGE: some 100 KiB. */
const NAMES_A_COMMAND = 1_000;
const RECONNECT = { firstMs: 50, greatestMs: 2_000 };
/** A server that hangs must not make the client hoard commands. */
const MAX_PENDING = 10_000;

/**
 * The store of a cluster. Commands never wait for a connection: without one they fail at once, and the client goes on
 * trying to reach the server by itself.
 */
export class RedisStore implements KeyValueStore {
  readonly #client: Connection['client'];
  readonly #asBytes: Connection['asBytes'];
  readonly #timeoutMs: number;

  private constructor({ client, asBytes }: Connection, timeoutMs: number) {
    this.#client = client;
    this.#asBytes = asBytes;
    this.#timeoutMs = timeoutMs;
  }

  /** Waits for the first connection no longer than the timeout: the server may come later. */
  static async open(options: RedisOptions): Promise<RedisStore> {
    return new RedisStore(await connect(options), options.timeoutMs);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const [value] = await this.getMany([key]);
    return value;
  }

  async getMany(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const values: (Uint8Array | undefined)[] = [];
    for (const some of chunks(keys)) {
      const found = await this.#attempt(() => this.#asBytes.mGet(some.map((key) => VALUE + key)));
      values.push(...found.map((value) => (value === null ? undefined : Uint8Array.from(value))));
    }
    return values;
  }

  async put(key: string, value: Uint8Array, { ttlMs }: PutOptions = {}): Promise<void> {
    checkEntry(key, value);
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    const [index, other] = ttlMs === undefined ? [LASTING, EXPIRING] : [EXPIRING, LASTING];
    const expiry = ttlMs === undefined ? {} : { expiration: { type: 'PX', value: ttlMs } as const };
    await this.#attempt(() =>
      this.#client
        .multi()
        .set(VALUE + key, bytes, expiry)
        .zAdd(index, { score: 0, value: key })
        .zRem(other, key)
        .exec(),
    );
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const some of chunks(keys)) {
      await this.#attempt(() =>
        this.#client
          .multi()
          .del(some.map((key) => VALUE + key))
          .zRem(LASTING, some)
          .zRem(EXPIRING, some)
          .exec(),
      );
    }
  }

  async list(prefix: string): Promise<readonly string[]> {
    const lasting = await this.#names(LASTING, prefix);
    const live = await this.#withoutExpired(await this.#names(EXPIRING, prefix));
    return [...lasting, ...live].sort();
  }

  async close(): Promise<void> {
    await within(this.#client.close(), this.#timeoutMs).catch(() => this.#client.destroy());
  }

  /** All names of an index that begin with the prefix, some at a time: one answer must fit into the timeout. */
  async #names(index: string, prefix: string): Promise<string[]> {
    const names: string[] = [];
    for (let from = `[${prefix}`; ; from = `(${names.at(-1) ?? ''}`) {
      const some = await this.#attempt(() =>
        this.#client.zRange(index, from, `[${prefix}\xff`, {
          BY: 'LEX',
          LIMIT: { offset: 0, count: NAMES_A_COMMAND },
        }),
      );
      names.push(...some);
      if (some.length < NAMES_A_COMMAND) return names;
    }
  }

  /** Redis takes an expired value away, not its name in the set. */
  async #withoutExpired(keys: readonly string[]): Promise<readonly string[]> {
    const counts: number[] = [];
    for (const some of chunks(keys)) {
      counts.push(
        ...(await this.#attempt(() => Promise.all(some.map((key) => this.#client.exists(VALUE + key))))),
      );
    }
    const dead = keys.filter((_, at) => counts[at] === 0);
    if (dead.length > 0) await this.#attempt(() => this.#client.zRem(EXPIRING, dead));
    return keys.filter((_, at) => counts[at] !== 0);
  }

  async #attempt<T>(command: () => Promise<T>): Promise<T> {
    if (!this.#client.isReady) throw storeAway('not connected');
    try {
      return await within(command(), this.#timeoutMs);
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

async function connect(options: RedisOptions) {
  const { createClient, RESP_TYPES } = await import('redis');
  const client = createClient({
    url: options.url,
    ...(options.password === undefined ? {} : { password: options.password }),
    RESP: 2,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_PENDING,
    socket: {
      connectTimeout: 10 * options.timeoutMs,
      reconnectStrategy: (retries: number) =>
        Math.min(RECONNECT.firstMs * 2 ** Math.min(retries, 10), RECONNECT.greatestMs),
    },
  });
  // It tries again and again: each reason once, since a refused connection may hide a refused password.
  const reported = new Set<string>();
  client.on('error', (error: unknown) => {
    const reason = String(error);
    if (!reported.has(reason)) options.log.warn({ err: error }, 'the store cannot be reached');
    reported.add(reason);
  });
  client.on('ready', () => {
    reported.clear();
    options.log.info({}, 'the store is there');
  });
  await within(client.connect(), options.timeoutMs).catch(() => undefined);
  return { client, asBytes: client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }) };
}

function chunks(keys: readonly string[]): string[][] {
  const count = Math.ceil(keys.length / KEYS_A_COMMAND);
  return Array.from({ length: count }, (_, at) => keys.slice(at * KEYS_A_COMMAND, (at + 1) * KEYS_A_COMMAND));
}

/**
 * The client's own timeout counts only until a command is written, not until it is answered. Where this process itself was
 * held up, what has come meanwhile is read before it is said to be late.
 */
async function within<T>(result: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const refuse = (): void => reject(new Error(`No answer within ${timeoutMs} ms.`));
    timer = setTimeout(() => setImmediate(refuse), timeoutMs);
  });
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}
