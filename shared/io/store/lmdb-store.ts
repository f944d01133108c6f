import { mkdir } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { RootDatabase } from 'lmdb';
import { checkEntry, type KeyValueStore, type PutOptions } from './key-value-store.ts';
import { asStoreError, storeAway, storeFull } from './store-errors.ts';

export interface LmdbOptions {
  /** Directory of the database; made where it is missing. */
  readonly path: string;
  /** Bytes that values and keys may take in pages of the file. */
  readonly maxBytes: number;
}

/** Before each value stands when it ends, milliseconds since 1970 as a float64; 0 is never. LMDB has no expiry. */
const HEADER_BYTES = 8;
/**
 * A commit is on the disk before the lock for writing is given up. Flushed after it, as lmdb does by default, a process
 * that is killed while it flushes leaves a lock behind on which every other process that writes ends in MDB_PANIC, and
 * can neither read nor write from then on (lmdb 3.5.6: mdb_txn_commit takes that lock within a transaction).
 */
const SAFE_SYNC = { overlappingSync: false };
/** Keys looked through in one go: some milliseconds. */
const KEYS_AT_ONCE = 1_000;

/**
 * The embedded store, for one machine: a memory-mapped B+ tree that several processes share. A reader sees the last
 * whole commit, also after the writer was killed in the middle of one.
 * @see http://www.lmdb.tech/doc/
 */
export class LmdbStore implements KeyValueStore {
  readonly #db: RootDatabase<Buffer, string>;
  readonly #options: LmdbOptions;
  #isClosed = false;

  private constructor(db: RootDatabase<Buffer, string>, options: LmdbOptions) {
    this.#db = db;
    this.#options = options;
  }

  /** @throws AppError `store-away` when the directory cannot be written */
  static async open(options: LmdbOptions): Promise<LmdbStore> {
    try {
      // Loaded here alone: who uses no embedded store pays nothing for it.
      const { open } = await import('lmdb');
      await mkdir(options.path, { recursive: true });
      const db = open<Buffer, string>({
        path: options.path,
        noSubdir: false,
        encoding: 'binary',
        ...SAFE_SYNC,
      });
      return new LmdbStore(db, options);
    } catch (error) {
      throw asStoreError(error);
    }
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#attempt(() => readLive(this.#db.get(key)));
  }

  getMany(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#attempt(() => keys.map((key) => readLive(this.#db.get(key))));
  }

  async put(key: string, value: Uint8Array, options: PutOptions = {}): Promise<void> {
    checkEntry(key, value);
    const entry = Buffer.alloc(HEADER_BYTES + value.byteLength);
    entry.writeDoubleLE(options.ttlMs === undefined ? 0 : Date.now() + options.ttlMs);
    entry.set(value, HEADER_BYTES);
    await this.#attempt(async () => {
      if (this.#usedBytes() + entry.byteLength > this.#options.maxBytes) {
        this.#dropExpired();
        if (this.#usedBytes() + entry.byteLength > this.#options.maxBytes) throw storeFull('maxBytes');
      }
      await this.#db.put(key, entry);
      await this.#db.flushed;
    });
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.#attempt(async () => {
      await Promise.all(keys.map((key) => this.#db.remove(key)));
      await this.#db.flushed;
    });
  }

  async list(prefix: string): Promise<readonly string[]> {
    const keys: string[] = [];
    const end = `${prefix}\uffff`;
    for (let start = prefix; ;) {
      const some = await this.#attempt(() => [
        ...this.#db.getRange({ start, end, limit: KEYS_AT_ONCE + 1 }).map(({ key, value }) => ({
          key,
          isLive: isLive(value),
        })),
      ]);
      const next = some.length > KEYS_AT_ONCE ? some.pop() : undefined;
      keys.push(...some.filter((entry) => entry.isLive).map(({ key }) => key));
      if (next === undefined) return keys;
      start = next.key;
      // Looking is synchronous here: others have their turn between.
      await setImmediate();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#db.close();
  }

  /** Pages of the tree, not the file's size: pages of deleted values are used again. */
  #usedBytes(): number {
    const stats = this.#db.getStats() as Record<string, number>;
    const { treeBranchPageCount = 0, treeLeafPageCount = 0, overflowPages = 0, pageSize = 0 } = stats;
    return (treeBranchPageCount + treeLeafPageCount + overflowPages) * pageSize;
  }

  #dropExpired(): void {
    this.#db.transactionSync(() => {
      for (const { key, value } of this.#db.getRange()) {
        if (!isLive(value)) this.#db.removeSync(key);
      }
    });
  }

  /** Another process may have written since this one last looked: each call reads the newest commit. */
  async #attempt<T>(work: () => T | Promise<T>): Promise<T> {
    // lmdb throws in a timer, where nobody can catch it, when something is read while it closes.
    if (this.#isClosed) throw storeAway('closed');
    try {
      this.#db.resetReadTxn();
      return await work();
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

function isLive(entry: Buffer): boolean {
  const endsAt = entry.readDoubleLE();
  return endsAt === 0 || endsAt > Date.now();
}

function readLive(entry: Buffer | undefined): Uint8Array | undefined {
  if (entry === undefined || !isLive(entry)) return undefined;
  // A copy at an address of its own: float32 tensors within need one that is divisible by 4.
  return Uint8Array.from(entry.subarray(HEADER_BYTES));
}
