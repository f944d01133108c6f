import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ROOT } from './read-stack.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Every Kubernetes manifest that is shipped, from the repository's folder: `deploy/redis.yaml`, … */
export function manifestFiles(): readonly string[] {
  return readdirSync(join(ROOT, 'deploy'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => join('deploy', path))
    .sort();
}

/** @throws Error for text that is no YAML */
export function manifestsIn(file: string): readonly Manifest[] {
  return parseAllDocuments(readFileSync(join(ROOT, file), 'utf8')).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as Manifest;
  });
}
