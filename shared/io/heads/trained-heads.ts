import type { LinearHead } from '../../core/head.ts';
import type { Log } from '../../core/log.ts';
import type { KeyValueStore } from '../store/key-value-store.ts';
import { BUILT_IN_VERSION, headKeys, parsePointerKey } from './head-keys.ts';
import { readHead } from './read-version.ts';

export interface TrainedHeadsOptions {
  readonly store: KeyValueStore;
  /** Of the bundle whose embeddings the heads are asked about. */
  readonly revision: string;
  readonly log: Log;
}

/** A new version is to be live everywhere within five seconds. */
export const REFRESH_MS = 1_000;

/**
 * The trained heads that are live, as a classifier sees them. They are looked at once a second beside all requests: no
 * request waits for the store, and what it cannot give (away, a version that is not whole) stays as it was.
 */
export class TrainedHeads {
  readonly #options: TrainedHeadsOptions;
  readonly #live = new Map<string, LinearHead>();
  #stale: ReadonlySet<string> = new Set();
  #isAway = false;
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(options: TrainedHeadsOptions) {
    this.#options = options;
  }

  /** Looks once, and then every second until `close`. */
  async open(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), REFRESH_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#refreshing;
  }

  /** The version that is live; undefined for a head that was not trained, or was taken back to the built-in one. */
  get(id: string): LinearHead | undefined {
    return this.#live.get(id);
  }

  get ids(): readonly string[] {
    return [...this.#live.keys()].sort();
  }

  /** Heads that were trained for another bundle only. */
  get staleIds(): ReadonlySet<string> {
    return this.#stale;
  }

  /** True while the store does not answer: what is not known here may be there. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Never rejects, and never runs twice at once. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#look()
      .then(
        () => this.#setAway(false),
        (error: unknown) => this.#setAway(true, error),
      )
      .finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #look(): Promise<void> {
    const { store, revision } = this.#options;
    const pointers = (await store.list(headKeys.pointers)).flatMap((key) => parsePointerKey(key) ?? []);
    const ids = pointers.filter((pointer) => pointer.revision === revision).map(({ id }) => id);
    const versions = await store.getMany(ids.map((id) => headKeys.pointer(id, revision)));
    this.#stale = new Set(pointers.map(({ id }) => id).filter((id) => !ids.includes(id)));
    for (const id of this.#live.keys()) if (!ids.includes(id)) this.#live.delete(id);
    for (const [at, id] of ids.entries()) {
      const version = versions[at];
      if (version !== undefined) await this.#follow(id, Buffer.from(version).toString());
    }
  }

  async #follow(id: string, version: string): Promise<void> {
    if (version === BUILT_IN_VERSION) {
      this.#live.delete(id);
      return;
    }
    if (this.#live.get(id)?.version === version) return;
    const { store, revision, log } = this.#options;
    const bytes = await store.get(headKeys.version(id, revision, version));
    try {
      if (bytes === undefined) throw new Error('There is nothing under its hash.');
      this.#live.set(id, await readHead(bytes, { id, revision, version }));
      log.info({ head: id, version }, 'a trained head went live');
    } catch (error) {
      log.error({ head: id, version, err: error }, 'a version is not whole; the one before it stays');
    }
  }

  #setAway(isAway: boolean, error?: unknown): void {
    if (isAway && !this.#isAway) {
      this.#options.log.warn({ err: error }, 'the store is away; heads stay as they are');
    }
    this.#isAway = isAway;
  }
}
