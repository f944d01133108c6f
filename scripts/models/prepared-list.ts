import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '../../shared/core/bundle.ts';
import type { HeadDefinition, LinearHead } from '../../shared/core/head.ts';
import { JsonReader } from '../../shared/core/json-reader.ts';
import { readPreparedHead } from '../../shared/io/head-directory.ts';
import { definitionHash } from './definition-hash.ts';

/** `<bundle>/heads/prepared.json`: which definition each prepared head was made of, by hash. */
export type PreparedList = Readonly<Record<string, string>>;

const HASH = { pattern: /^sha256:[0-9a-f]{64}$/, expected: 'sha256: and 64 hexadecimal digits' };

/**
 * What a bundle has for a definition. `trained`: a linear head, which does not come from the prompts and is never stale by them;
 * `foreign`: a linear head that was trained for another revision of the bundle, and is no use to this one.
 */
export type HeadState = 'ready' | 'trained' | 'stale' | 'foreign' | 'absent';

/** Whether a head in this state answers as it is; else `prepare` makes it anew. */
export const isCurrent = (state: HeadState | undefined): boolean => state === 'ready' || state === 'trained';

/** @returns an empty list where there is none yet */
export async function readPreparedList(directory: string): Promise<PreparedList> {
  const text = await readFile(listPath(directory), 'utf8').catch(() => undefined);
  if (text === undefined) return {};
  const read = new JsonReader('prepared.json');
  const members = read.object(JSON.parse(text), 'prepared.json');
  const list = Object.entries(members).map(([id, hash]) => [id, read.text(hash, id, HASH)] as const);
  read.check();
  return Object.fromEntries(list);
}

export async function writePreparedList(directory: string, list: PreparedList): Promise<void> {
  const sorted = Object.fromEntries(Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)));
  const path = listPath(directory);
  await writeFile(`${path}.part`, `${JSON.stringify(sorted, null, 2)}\n`);
  await rename(`${path}.part`, path);
}

/** Whether the bundle's head is there, of this bundle's revision, and made of this very definition. */
export async function headState(bundle: Bundle, definition: HeadDefinition): Promise<HeadState> {
  const others: LinearHead[] = [];
  const head = await readPreparedHead(bundle, definition.id, (other) => others.push(other)).catch(
    () => undefined,
  );
  if (head === undefined) return others.some(({ kind }) => kind === 'linear') ? 'foreign' : 'absent';
  if (head.kind === 'linear') return 'trained';
  const list = await readPreparedList(bundle.directory);
  return list[definition.id] === definitionHash(definition) ? 'ready' : 'stale';
}

function listPath(directory: string): string {
  return join(directory, 'heads', 'prepared.json');
}
