import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Who this process is, for people who compare replicas. */
export interface Replica {
  /** Host (in a cluster: the pod), process and start in one name. */
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly version: string;
  /** SHA-256 of the code that runs: two replicas that differ here are of different builds. */
  readonly build: string;
}

/**
 * @param code    file that was started; in the image it holds the whole function
 * @param version of the function's package.json
 */
export async function identifyReplica(code: URL, version: string): Promise<Replica> {
  const build = createHash('sha256')
    .update(await readFile(fileURLToPath(code)))
    .digest('hex');
  return {
    name: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    startedAt: new Date().toISOString(),
    version,
    build: `sha256:${build}`,
  };
}
