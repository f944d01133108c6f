/**
 * Writes the lockfile of each workspace, which its image is built from, out of the root's.
 *
 *   npm run lockfiles
 *   npm run lockfiles -- --help
 */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { workspaceLockfile, type Lockfile, type Manifest } from './lockfiles/workspace-lockfile.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const USAGE = `Writes the package-lock.json of each function and of the template out of the root's.

  npm run lockfiles              after a change of dependencies; a test says when it is due
  npm run lockfiles -- --help    this text`;

/** Folders whose package.json an image installs from. */
export async function imageWorkspaces(root: string = ROOT): Promise<readonly string[]> {
  const entries = await readdir(join(root, 'functions'), { withFileTypes: true });
  const functions = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `functions/${name}`);
  return [...functions.sort(), 'template/typescript'];
}

/** The text of a workspace's package-lock.json as it should be. */
export async function lockfileText(workspace: string, root: string = ROOT): Promise<string> {
  const lockfile = (await readJson(join(root, 'package-lock.json'))) as Lockfile;
  const manifest = (await readJson(join(root, workspace, 'package.json'))) as Manifest;
  return `${JSON.stringify(workspaceLockfile(lockfile, workspace, manifest), null, 2)}\n`;
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function main(): Promise<void> {
  const { help } = readArguments();
  if (help === true) {
    console.log(USAGE);
    return;
  }
  for (const workspace of await imageWorkspaces()) {
    await writeFile(join(ROOT, workspace, 'package-lock.json'), await lockfileText(workspace));
    console.log(`Wrote ${workspace}/package-lock.json`);
  }
}

function readArguments(): { help?: boolean } {
  try {
    return parseArgs({ options: { help: { type: 'boolean' } } }).values;
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : String(error)}\nSee: npm run lockfiles -- --help`,
    );
    process.exit(2);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void main();
