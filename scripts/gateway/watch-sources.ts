import { existsSync, watch } from 'node:fs';
import { join, sep } from 'node:path';

/** Editors write a file in several steps, and several files at once. */
const SETTLE_MS = 150;

export interface WatchOptions {
  readonly root: string;
  /** Folders below `root`; those that are not there are left out. */
  readonly folders: readonly string[];
  /** Called with the folders in which something changed, once it is quiet again. */
  readonly onChange: (folders: ReadonlySet<string>) => void;
}

/** @returns a function that ends the watching */
export function watchSources({ root, folders, onChange }: WatchOptions): () => void {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const present = folders.filter((folder) => existsSync(join(root, folder)));
  const watchers = present.map((folder) =>
    watch(join(root, folder), { recursive: true }, (_event, name) => {
      if (name?.split(sep).includes('node_modules') === true) return;
      changed.add(folder);
      clearTimeout(timer);
      timer = setTimeout(() => {
        onChange(new Set(changed));
        changed.clear();
      }, SETTLE_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
