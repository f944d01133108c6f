import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Program = 'faas-cli' | 'of-watchdog' | 'gateway' | 'unshare' | 'ip' | 'sh';

export const WANTED: readonly Program[] = ['faas-cli', 'of-watchdog', 'gateway', 'unshare', 'ip', 'sh'];

/** Where a program is: in the folder `OPENFAAS_BIN` first, then on the PATH; undefined where it is not. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = [env.OPENFAAS_BIN ?? '', ...(env.PATH ?? '').split(delimiter)];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** The programs that these tests want and do not find. */
export function missingPrograms(env: NodeJS.ProcessEnv): readonly Program[] {
  return WANTED.filter((name) => findProgram(name, env) === undefined);
}

/** @throws Error naming the program */
export function programPath(name: Program): string {
  const path = findProgram(name, process.env);
  if (path === undefined) throw new Error(`Expected ${name} in OPENFAAS_BIN or on the PATH.`);
  return path;
}

/**
 * `unshare` with the namespaces of a container: network and process numbers of its own, and an end of everything inside
 * with its first process. Whoever is not root gets a user namespace, where the system allows that.
 */
export function unshareArguments(isRoot: boolean): readonly string[] {
  const own = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return isRoot ? own : ['--map-root-user', ...own];
}

/** Why these tests cannot run here; undefined where they can. */
export function reasonToSkip(env: NodeJS.ProcessEnv): string | undefined {
  const missing = missingPrograms(env);
  if (missing.length > 0) return `not found in OPENFAAS_BIN or on the PATH: ${missing.join(', ')}`;
  const unshare = findProgram('unshare', env) ?? 'unshare';
  const tried = spawnSync(unshare, [...unshareArguments(process.getuid?.() === 0), 'ip', 'link'], {
    encoding: 'utf8',
  });
  if (tried.status === 0) return undefined;
  return `a network namespace cannot be made here (${tried.stderr.trim() || 'no permission'}): be root`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
