import { join } from 'node:path';
import type { Bundle } from '../core/bundle.ts';
import type { LinearHead } from '../core/head.ts';
import { readJsonFile } from './json-file.ts';

/** The members of a report that are read here. */
interface EvaluationSummary {
  readonly version?: string;
  readonly top1?: { readonly value?: number };
}

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

/** @returns top-1 of just this version of the head, 0…1; undefined where it was not evaluated, or another version was */
export async function readAccuracy(
  bundle: Pick<Bundle, 'directory'>,
  head: Pick<LinearHead, 'id' | 'version'>,
): Promise<number | undefined> {
  const report = (await readEvaluation(bundle, head.id)) as EvaluationSummary | undefined;
  return report?.version === head.version ? report.top1?.value : undefined;
}
