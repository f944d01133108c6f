import { join } from 'node:path';
import type { Bundle } from '../core/bundle.ts';
import { readJsonFile } from './json-file.ts';

/** Where `evaluate` writes how good a head is with a bundle, and where it is read from. */
export function evaluationPath(bundleDirectory: string, headId: string): string {
  if (!/^[a-z0-9-]{1,40}$/.test(headId)) {
    throw new RangeError(`Expected a head's id but received ${JSON.stringify(headId)}.`);
  }
  return join(bundleDirectory, 'evaluations', `${headId}.json`);
}

/** @returns the report as it was written; undefined where the head was never evaluated with this bundle */
export async function readEvaluation(
  bundle: Pick<Bundle, 'directory'>,
  headId: string,
): Promise<object | undefined> {
  try {
    return (await readJsonFile(evaluationPath(bundle.directory, headId))) as object;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
