import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BundleFile } from '../../shared/core/bundle.ts';
import { readBundle } from '../../shared/io/bundle-directory.ts';
import { sha256OfFile } from '../../shared/io/sha256.ts';
import type { BundlePlace } from './bundle-place.ts';
import type { CatalogEntry } from './catalog.ts';
import { downloadFile, PATIENCE, type Patience } from './download-file.ts';
import type { Progress } from '../command/progress.ts';
import { sourceUrl } from './source-url.ts';
import { UserError } from '../command/user-error.ts';

export interface FetchOptions {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** A directory that holds the files, instead of the network. */
  readonly from?: string;
  readonly mirror?: string;
  readonly patience?: Patience;
  /** Runs on the finished directory before it is put in place. */
  readonly prepare: (directory: string) => Promise<void>;
}

/**
 * Brings a bundle of the catalogue to its place: every file whole and verified, `bundle.json` written, its heads
 * prepared, and only then visible. Stopped at any point, the next call goes on.
 * @returns `already there` when nothing had to be done
 * @throws UserError when the source fails or has something else; the signal's reason when it aborts
 */
export async function fetchBundle(
  entry: CatalogEntry,
  place: BundlePlace,
  options: FetchOptions,
): Promise<'fetched' | 'already there'> {
  return place.locked(async () => {
    if (await isWhole(entry, place)) return 'already there';
    await mkdir(place.unfinished, { recursive: true });
    let done = 0;
    for (const file of entry.manifest.files) {
      await bring(entry, file, {
        ...options,
        path: join(place.unfinished, file.path),
        onBytes: (bytes) => options.progress.update(done + bytes, file.path),
      });
      done += file.bytes;
    }
    options.progress.end();
    await writeManifest(entry, join(place.unfinished, 'bundle.json'));
    await readBundle(place.unfinished);
    await options.prepare(place.unfinished);
    options.signal.throwIfAborted();
    await place.putInPlace();
    return 'fetched';
  });
}

/** Whether the bundle in place is the one of the catalogue, by every file's hash. */
async function isWhole(entry: CatalogEntry, place: BundlePlace): Promise<boolean> {
  const bundle = await readBundle(place.target, { verify: true }).catch(() => undefined);
  if (bundle === undefined) return false;
  const wanted = new Set(entry.manifest.files.map(({ path, sha256 }) => `${sha256} ${path}`));
  return (
    bundle.manifest.files.length === wanted.size &&
    bundle.manifest.files.every(({ path, sha256 }) => wanted.has(`${sha256} ${path}`))
  );
}

interface BringOptions extends FetchOptions {
  readonly path: string;
  readonly onBytes: (bytes: number) => void;
}

async function bring(entry: CatalogEntry, file: BundleFile, options: BringOptions): Promise<void> {
  const { path } = options;
  if (options.from !== undefined) {
    await copyVerified(join(options.from, file.path), file, path);
    options.onBytes(file.bytes);
    return;
  }
  await downloadFile(sourceUrl(entry.baseUrl, file.path, options.mirror), file, {
    path,
    signal: options.signal,
    patience: options.patience ?? PATIENCE,
    onBytes: options.onBytes,
    onRetry: (message) => options.progress.say(message),
  });
}

/** Copies a file that must be the pinned one. A wrong or missing file is named before anything is written. */
async function copyVerified(source: string, file: BundleFile, path: string): Promise<void> {
  const found = await stat(source).catch(() => undefined);
  if (found?.isFile() !== true) throw new UserError(`Expected the file ${source} but there is none.`);
  if (found.size !== file.bytes) {
    throw new UserError(`Expected ${file.bytes} bytes for ${source} but received ${found.size}.`);
  }
  await mkdir(dirname(path), { recursive: true });
  await copyFile(source, path);
  const sha256 = await sha256OfFile(path);
  if (sha256 !== file.sha256) {
    await rm(path);
    throw new UserError(`Expected SHA-256 ${file.sha256} for ${source} but received ${sha256}.`);
  }
  const handle = await open(path, 'r+');
  await handle.sync();
  await handle.close();
}

/** `bundle.json` as the pipeline reads it, with where the files came from and what others measured. */
async function writeManifest(entry: CatalogEntry, path: string): Promise<void> {
  const { manifest, baseUrl, published } = entry;
  const handle = await open(`${path}.part`, 'w');
  await handle.writeFile(`${JSON.stringify({ ...manifest, published, source: baseUrl }, null, 2)}\n`);
  await handle.sync();
  await handle.close();
  await rename(`${path}.part`, path);
}
