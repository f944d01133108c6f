import type { KeyValueStore } from '../store/key-value-store.ts';
import type { VersionRecord } from './head-store.ts';

const KEY = 'last-training';

/** The training that ended last, of whatever head and bundle. */
export interface LastTraining {
  readonly head: string;
  readonly title: string;
  readonly version: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Original pictures. */
  readonly examples: number;
  /** Accuracy on the same hold-out, 0…1; null where the head was new. */
  readonly before: number | null;
  readonly after: number;
}

/** Of two that end at one time, the last one written is told of. */
export async function writeLastTraining(
  store: KeyValueStore,
  { id, title }: { id: string; title: string },
  { version, createdAt, examples, before, after }: VersionRecord,
): Promise<void> {
  const last: LastTraining = {
    head: id,
    title,
    version,
    createdAt,
    examples,
    before: before?.accuracy.value ?? null,
    after: after.accuracy.value,
  };
  await store.put(KEY, Buffer.from(JSON.stringify(last)));
}

/** @returns undefined where nothing was ever trained */
export async function readLastTraining(store: KeyValueStore): Promise<LastTraining | undefined> {
  const bytes = await store.get(KEY);
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as LastTraining);
}

/** Where it was of this head, which is gone. */
export async function forgetLastTraining(store: KeyValueStore, head: string): Promise<void> {
  if ((await readLastTraining(store))?.head === head) await store.delete([KEY]);
}
