import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Of the content: 16 hex digits of its SHA-256. */
  readonly fingerprint: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
};

/** The files that pages need, read once: they are few and small. */
export class Assets {
  readonly #files: ReadonlyMap<string, Asset>;

  constructor(files: ReadonlyMap<string, Asset>) {
    this.#files = files;
  }

  get(path: string): Asset | undefined {
    return this.#files.get(path);
  }

  /**
   * Address of a file, relative to the page's base, that changes with its content: it may be kept for ever.
   * @returns undefined where there is no such file
   */
  urlOf(path: string): string | undefined {
    const asset = this.#files.get(path);
    return asset === undefined ? undefined : `assets/${path}?v=${asset.fingerprint}`;
  }

  /** Paths in a folder, in order, as in `samples/dog.jpg`. */
  list(folder: string): readonly string[] {
    return [...this.#files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort();
  }
}

/** @param directory with a slash at its end; files of kinds that no page uses are left out */
export async function loadAssets(directory: URL): Promise<Assets> {
  const files = new Map<string, Asset>();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const path of entries
    .filter((entry) => entry.isFile())
    .map((entry) => relativePath(entry, directory))) {
    const contentType = CONTENT_TYPES[path.split('.').at(-1) ?? ''];
    if (contentType === undefined) continue;
    const bytes = Uint8Array.from(await readFile(new URL(path, directory)));
    const fingerprint = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    files.set(path, { bytes, contentType, fingerprint });
  }
  return new Assets(files);
}

function relativePath(entry: { parentPath: string; name: string }, directory: URL): string {
  const folder = entry.parentPath.replaceAll('\\', '/').replace(/\/?$/, '/');
  const root = decodeURIComponent(directory.pathname);
  return folder.slice(folder.indexOf(root) + root.length) + entry.name;
}
