import { AppError } from '../../core/errors.ts';

export interface PutOptions {
  /** After it the value is gone, milliseconds. Without it the value stays until it is deleted. */
  readonly ttlMs?: number;
}

/**
 * All that functions keep: bytes under keys, each put and delete atomic and visible to every process as soon as its
 * promise resolves. There is no read-change-write: what must hold together goes into one value, and what names it is
 * put last.
 *
 * Every method throws AppError `store-away` when the store does not answer; `put` throws `store-full` when it has no
 * room, and RangeError for a key that is none.
 */
export interface KeyValueStore {
  /** @returns undefined where there is none, or where its time is over */
  get(key: string): Promise<Uint8Array | undefined>;
  /** @returns one value for each key, in their order */
  getMany(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  put(key: string, value: Uint8Array, options?: PutOptions): Promise<void>;
  /** Keys that are not there do not matter. */
  delete(keys: readonly string[]): Promise<void>;
  /** @returns all keys that begin with the prefix, in the order of their characters */
  list(prefix: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A head of 1,000 labels over 512 numbers takes 2 MiB, a thumbnail 30 KiB: far beyond either something is wrong. */
export const MAX_VALUE_BYTES = 64 * 2 ** 20;

/** Segments separated by `/`. LMDB bounds a key at 1,978 bytes. */
const KEY = /^[\w.:@~-]+(?:\/[\w.:@~-]+)*$/;
const MAX_KEY_LENGTH = 500;

/** @throws RangeError for a key that is none, AppError `store-full` for a value that no store takes */
export function checkEntry(key: string, value: Uint8Array): void {
  if (key.length > MAX_KEY_LENGTH || !KEY.test(key)) {
    throw new RangeError(`Expected a key such as heads/three-dogs but received ${JSON.stringify(key)}.`);
  }
  if (value.byteLength > MAX_VALUE_BYTES) {
    throw new AppError(
      'store-full',
      `Expected at most ${MAX_VALUE_BYTES} bytes for a value of the store but received ${value.byteLength}.`,
    );
  }
}
