import type { KeyValueStore } from '../store/key-value-store.ts';

/** A replica that has not been heard of for three beats is gone. */
const BEAT_MS = 10_000;
const TTL_MS = 3 * BEAT_MS;

/** What a replica says of itself. */
export interface Heartbeat {
  readonly replica: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly totals: Readonly<Record<string, number>>;
}

/** Leaves a replica's totals in the store every ten seconds; they vanish by themselves when it does. */
export class Heart {
  readonly #store: KeyValueStore;
  readonly #key: string;
  readonly #read: () => Heartbeat;
  #timer: NodeJS.Timeout | undefined;

  /** @param functionName replicas of one function are counted together */
  constructor(store: KeyValueStore, functionName: string, read: () => Heartbeat) {
    this.#store = store;
    this.#read = read;
    this.#key = `replicas/${functionName}/${read().replica}`;
  }

  async open(): Promise<void> {
    this.#timer = setInterval(() => void this.beat(), BEAT_MS).unref();
    await this.beat();
  }

  /** Never rejects: a store that is away misses a beat. */
  async beat(): Promise<void> {
    const value = Buffer.from(JSON.stringify(this.#read()));
    await this.#store.put(this.#key, value, { ttlMs: TTL_MS }).catch(() => undefined);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#store.delete([this.#key]).catch(() => undefined);
  }
}

/** @returns one for each replica that lives, in the order of their names */
export async function readHeartbeats(
  store: KeyValueStore,
  functionName: string,
): Promise<readonly Heartbeat[]> {
  const values = await store.getMany(await store.list(`replicas/${functionName}/`));
  return values.flatMap((bytes) =>
    bytes === undefined ? [] : [JSON.parse(Buffer.from(bytes).toString()) as Heartbeat],
  );
}
