import { existsSync, readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { join, sep } from 'node:path';

/** Editors write a file in several steps, and several files at once. */
const SETTLE_MS = 150;

export interface WatchOptions {
  readonly root: string;
  /** Folders below `root`; those that are not there are left out. */
  readonly folders: readonly string[];
  /** Files in `root` itself, by their names. */
  readonly files?: readonly string[];
  /** Called with the folders in which something changed and the files that did, once it is quiet again. */
  readonly onChange: (changed: ReadonlySet<string>) => void;
}

/** @returns a function that ends the watching */
export function watchSources({ root, folders, files = [], onChange }: WatchOptions): () => void {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const note = (name: string): void => {
    changed.add(name);
    clearTimeout(timer);
    timer = setTimeout(() => {
      onChange(new Set(changed));
      changed.clear();
    }, SETTLE_MS);
  };
  const present = folders.filter((folder) => existsSync(join(root, folder)));
  const ends = present.map((folder) => watchTree(join(root, folder), () => note(folder)));
  if (files.length > 0) {
    // Their folder is watched, not they: a file that an editor replaces is another file.
    const watcher = watch(root, (_event, name) => {
      if (name !== null && files.includes(name)) note(name);
    });
    ends.push(() => watcher.close());
  }
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}

/**
 * One watcher a folder, since Node's own recursive watching loses a file on Linux as soon as an editor or git replaces
 * it by a new one.
 * @returns a function that ends the watching
 */
function watchTree(top: string, onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();

  const forget = (path: string): void => {
    for (const [folder, watcher] of watchers) {
      if (folder !== path && !folder.startsWith(`${path}${sep}`)) continue;
      watcher.close();
      watchers.delete(folder);
    }
  };
  const follow = (folder: string): void => {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    const watcher = watch(folder, (event, name) => {
      if (name === null || isNoSource(name)) return;
      if (event === 'rename') {
        const path = join(folder, name);
        forget(path);
        follow(path);
      }
      onChange();
    });
    watcher.on('error', () => forget(folder));
    watchers.set(folder, watcher);
    for (const name of readdirSync(folder)) if (!isNoSource(name)) follow(join(folder, name));
  };

  follow(top);
  return () => forget(top);
}

/** Installed packages, and the files that editors keep beside the one being edited. */
function isNoSource(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.') || name.endsWith('~');
}
