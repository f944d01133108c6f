export interface LruCacheOptions<V> {
  readonly maxBytes: number;
  /** Bytes that a value holds; its key's characters are counted beside it, two bytes each. */
  readonly sizeOf: (value: V) => number;
}

interface Entry<V> {
  readonly value: V;
  readonly bytes: number;
}

/**
 * Keeps what was used last, bounded by bytes. A `Map` remembers the order of insertion, so the first key is always the
 * one that was not used for longest.
 *
 * @example
 * const cache = new LruCache<Float32Array>({ maxBytes: 64 * 2 ** 20, sizeOf: (values) => values.byteLength });
 */
export class LruCache<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #options: LruCacheOptions<V>;
  #bytes = 0;

  constructor(options: LruCacheOptions<V>) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of all values and keys; never over `maxBytes`. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** A value that alone is over the bound is not kept, and a value that stood under its key is gone. */
  set(key: string, value: V): void {
    this.delete(key);
    const bytes = this.#options.sizeOf(value) + 2 * key.length;
    if (bytes > this.#options.maxBytes) return;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#options.maxBytes) return;
      this.delete(oldest);
    }
  }

  /** @returns whether there was one */
  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#bytes -= entry.bytes;
    return this.#entries.delete(key);
  }
}
