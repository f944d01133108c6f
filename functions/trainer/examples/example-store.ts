import type { KeyValueStore } from '../../../shared/io/store/key-value-store.ts';

/** A labelled picture of a head; its thumbnail and its embeddings are kept beside it. */
export interface Example {
  /** Of the picture's bytes. */
  readonly sha256: string;
  readonly label: string;
  /** ISO 8601. */
  readonly addedAt: string;
}

/** Embeddings of one picture: of itself first, then of its augmented copies; float32, L2-normalised. */
export type ExampleVectors = readonly Float32Array[];

/**
 * Where the store keeps people's pictures:
 *
 *   examples/<head>/<sha256>              label and date, JSON; written last, removed last: what is there is known by it
 *   thumbnails/<head>/<sha256>            a JPEG
 *   vectors/<head>/<sha256>/<revision>    embeddings by one bundle, end to end
 */
const keys = {
  examplesOf: (head: string) => `examples/${head}/`,
  example: (head: string, sha256: string) => `examples/${head}/${sha256}`,
  thumbnail: (head: string, sha256: string) => `thumbnails/${head}/${sha256}`,
  vectorsOf: (head: string, sha256: string) => `vectors/${head}/${sha256}/`,
  vectors: (head: string, sha256: string, revision: string) => `vectors/${head}/${sha256}/${revision}`,
};
/** Examples removed at once: each takes a look for its embeddings, and all their keys go into one command of Redis. */
const REMOVED_AT_ONCE = 20;

export class ExampleStore {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  async count(head: string): Promise<number> {
    return (await this.#store.list(keys.examplesOf(head))).length;
  }

  /** The heads that have examples, and how many. */
  async heads(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const key of await this.#store.list('examples/')) {
      const head = key.split('/')[1] ?? '';
      counts.set(head, (counts.get(head) ?? 0) + 1);
    }
    return counts;
  }

  async get(head: string, sha256: string): Promise<Example | undefined> {
    return parse(await this.#store.get(keys.example(head, sha256)));
  }

  /** By label, then in the order in which they were added. */
  async list(head: string): Promise<readonly Example[]> {
    const values = await this.#store.getMany(await this.#store.list(keys.examplesOf(head)));
    const rank = ({ label, addedAt, sha256 }: Example) => `${label}\n${addedAt}\n${sha256}`;
    return values.flatMap((bytes) => parse(bytes) ?? []).sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }

  async thumbnail(head: string, sha256: string): Promise<Uint8Array | undefined> {
    return this.#store.get(keys.thumbnail(head, sha256));
  }

  /** What there was no room for leaves no picture behind, which nobody would see and remove. */
  async add(
    head: string,
    example: Example,
    kept: { thumbnail: Uint8Array; vectors: ExampleVectors; revision: string },
  ): Promise<void> {
    const { sha256 } = example;
    try {
      await this.#store.put(keys.thumbnail(head, sha256), kept.thumbnail);
      await this.putVectors(head, sha256, kept);
      await this.#store.put(keys.example(head, sha256), Buffer.from(JSON.stringify(example)));
    } catch (error) {
      await this.remove(head, [sha256]).catch(() => undefined);
      throw error;
    }
  }

  async putVectors(
    head: string,
    sha256: string,
    { vectors, revision }: { vectors: ExampleVectors; revision: string },
  ): Promise<void> {
    const bytes = Buffer.concat(
      vectors.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
    );
    await this.#store.put(keys.vectors(head, sha256, revision), bytes);
  }

  /**
   * @param size numbers of one embedding
   * @returns for each picture its embeddings by this bundle; undefined where it was never embedded by it
   */
  async vectors(
    head: string,
    hashes: readonly string[],
    { revision, size }: { revision: string; size: number },
  ): Promise<readonly (ExampleVectors | undefined)[]> {
    const values = await this.#store.getMany(hashes.map((sha256) => keys.vectors(head, sha256, revision)));
    return values.map((bytes) => {
      const isWhole = bytes !== undefined && bytes.length > 0 && bytes.length % (4 * size) === 0;
      if (!isWhole) return undefined;
      const all = new Float32Array(bytes.slice().buffer);
      return Array.from({ length: all.length / size }, (_, at) => all.slice(at * size, (at + 1) * size));
    });
  }

  /**
   * Picture by picture: of what a failure leaves, nothing is out of sight, and what is added again meanwhile stays.
   * @returns how many there were
   */
  async remove(head: string, hashes: readonly string[]): Promise<number> {
    for (let at = 0; at < hashes.length; at += REMOVED_AT_ONCE) {
      const some = hashes.slice(at, at + REMOVED_AT_ONCE);
      const vectors = await Promise.all(some.map((sha256) => this.#store.list(keys.vectorsOf(head, sha256))));
      await this.#store.delete(
        some.flatMap((sha256, index) => [
          keys.thumbnail(head, sha256),
          ...(vectors[index] ?? []),
          keys.example(head, sha256),
        ]),
      );
    }
    return hashes.length;
  }
}

function parse(bytes: Uint8Array | undefined): Example | undefined {
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as Example);
}
