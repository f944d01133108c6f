import { AppError, quote } from '../../core/errors.ts';
import { serialiseHead } from '../../core/head-file.ts';
import type { LinearHead } from '../../core/head.ts';
import type { HoldOutFigures } from '../../core/training/hold-out-figures.ts';
import type { KeyValueStore } from '../store/key-value-store.ts';
import { BUILT_IN_VERSION, headKeys, parsePointerKey } from './head-keys.ts';
import { forgetLastTraining, writeLastTraining } from './last-training.ts';
import { readHead } from './read-version.ts';

/** How a version came about; kept beside it and never changed. */
export interface VersionRecord {
  readonly version: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Original pictures that it was trained with, and of each label. */
  readonly examples: number;
  readonly labels: Readonly<Record<string, number>>;
  /** Whether altered copies of the pictures counted too; absent in records from before there was a choice: they did. */
  readonly augmented?: boolean;
  /** Version that the training started from; absent where it started from nothing. */
  readonly from?: string;
  /** Figures of the version that was live, on the same pictures; absent where there was none. */
  readonly before?: HoldOutFigures;
  readonly after: HoldOutFigures;
}

export interface HeadState {
  /** Version that is live, `0` for the built-in one; absent where there is none. */
  readonly current?: string;
  /** The newest first. */
  readonly records: readonly VersionRecord[];
  readonly isBuiltIn: boolean;
}

/** Heads that are trained, of one bundle. The pointer is written last: a reader sees a whole version or the one before. */
export class HeadStore {
  readonly #store: KeyValueStore;
  readonly #revision: string;
  readonly #maxVersions: number;

  /** @param options.maxVersions trained versions of a head that are kept; the oldest ones go first */
  constructor(store: KeyValueStore, options: { revision: string; maxVersions: number }) {
    this.#store = store;
    this.#revision = options.revision;
    this.#maxVersions = options.maxVersions;
  }

  /**
   * Ids of the heads that the classifier brought along.
   * @throws AppError `not-ready` before it has said so
   */
  async builtInIds(): Promise<readonly string[]> {
    const bytes = await this.#store.get(headKeys.builtInList(this.#revision));
    if (bytes === undefined) {
      throw new AppError('not-ready', 'The classifier has not put its own heads into the store yet.', {
        retryAfterSeconds: 5,
      });
    }
    return JSON.parse(Buffer.from(bytes).toString()) as string[];
  }

  async state(id: string): Promise<HeadState> {
    const [current, records, builtIn] = await Promise.all([
      this.#store.get(headKeys.pointer(id, this.#revision)),
      this.#records(id),
      this.builtInIds(),
    ]);
    const isBuiltIn = builtIn.includes(id);
    const version =
      current === undefined ? (isBuiltIn ? BUILT_IN_VERSION : undefined) : Buffer.from(current).toString();
    return { ...(version !== undefined && { current: version }), records, isBuiltIn };
  }

  /** True where the head was trained, but for other bundles only. */
  async isStale(id: string): Promise<boolean> {
    const keys = await this.#store.list(headKeys.pointersOf(id));
    return keys.length > 0 && !keys.includes(headKeys.pointer(id, this.#revision));
  }

  /**
   * @param version `0` for the built-in head
   * @throws AppError `not-found` for a version that there is not
   */
  async read(id: string, version: string): Promise<LinearHead> {
    const isBuiltIn = version === BUILT_IN_VERSION;
    const key = isBuiltIn
      ? headKeys.builtIn(id, this.#revision)
      : headKeys.version(id, this.#revision, version);
    const bytes = await this.#store.get(key);
    if (bytes === undefined) {
      throw new AppError(
        'not-found',
        `Expected a version of the head ${id} for \`version\` but received ${quote(version)}.`,
      );
    }
    return readHead(bytes, { id, revision: this.#revision, ...(isBuiltIn ? {} : { version }) });
  }

  /** Puts a new version there and makes it live. One that came out once before keeps the record of how it came about. */
  async publish(head: LinearHead, record: VersionRecord): Promise<void> {
    const { id, version } = head;
    const recordKey = headKeys.record(id, this.#revision, version);
    await this.#store.put(headKeys.version(id, this.#revision, version), serialiseHead(head));
    if ((await this.#store.get(recordKey)) === undefined) {
      await this.#store.put(recordKey, Buffer.from(JSON.stringify(record)));
    }
    await this.#point(id, version);
    await writeLastTraining(this.#store, head, record);
    await this.#forgetOldest(id, version);
  }

  /** Makes a version live that was so before. @throws AppError `not-found` for a version that there is not */
  async rollBack(id: string, version: string): Promise<void> {
    // Read, not only looked for: what is damaged must not go live.
    await this.read(id, version);
    await this.#point(id, version);
  }

  /** Takes all trained versions away, of every bundle; the pointers first, so that no reader follows one to nothing. */
  async remove(id: string): Promise<void> {
    for (const prefix of [headKeys.pointersOf(id), headKeys.recordsOf(id), headKeys.versionsOf(id)]) {
      await this.#store.delete(await this.#store.list(prefix));
    }
    await forgetLastTraining(this.#store, id);
  }

  async #point(id: string, version: string): Promise<void> {
    await this.#store.put(headKeys.pointer(id, this.#revision), Buffer.from(version));
  }

  async #records(id: string): Promise<readonly VersionRecord[]> {
    const keys = await this.#store.list(headKeys.recordsOf(id, this.#revision));
    const values = await this.#store.getMany(keys);
    return values
      .flatMap((bytes) =>
        bytes === undefined ? [] : [JSON.parse(Buffer.from(bytes).toString()) as VersionRecord],
      )
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  }

  async #forgetOldest(id: string, live: string): Promise<void> {
    const others = (await this.#records(id)).filter(({ version }) => version !== live);
    const old = others.slice(this.#maxVersions - 1).map(({ version }) => version);
    await this.#store.delete(old.map((version) => headKeys.record(id, this.#revision, version)));
    await this.#store.delete(old.map((version) => headKeys.version(id, this.#revision, version)));
  }
}

/** Ids of all heads that were trained, for whatever bundle. */
export async function trainedIds(store: KeyValueStore): Promise<readonly string[]> {
  const keys = await store.list(headKeys.pointers);
  return [...new Set(keys.flatMap((key) => parsePointerKey(key)?.id ?? []))];
}

/** Puts the heads that a classifier brings along into the store, the list of them last. */
export async function publishBuiltIn(
  store: KeyValueStore,
  revision: string,
  heads: readonly LinearHead[],
): Promise<void> {
  for (const head of heads) await store.put(headKeys.builtIn(head.id, revision), serialiseHead(head));
  const ids = JSON.stringify(heads.map(({ id }) => id));
  await store.put(headKeys.builtInList(revision), Buffer.from(ids));
}

/** Whether all of what `publishBuiltIn` puts there is there. */
export async function hasBuiltIn(store: KeyValueStore, revision: string): Promise<boolean> {
  return (await store.get(headKeys.builtInList(revision))) !== undefined;
}
