import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listBundles, readBundle } from '../../shared/io/bundle-directory.ts';
import { BundlePlace } from './bundle-place.ts';
import type { CatalogEntry } from './catalog.ts';
import { formatBytes } from '../command/progress.ts';

export interface BundleRow {
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  readonly bytes: number;
  /** `installed`, `damaged: …`, `41 % fetched`, `not fetched` */
  readonly state: string;
}

/** All bundles of the catalogue and on disk, the catalogue's first and in its order. */
export async function bundleRows(
  entries: readonly CatalogEntry[],
  modelsDir: string,
): Promise<readonly BundleRow[]> {
  const onDisk = await listBundles(modelsDir).catch((): string[] => []);
  const fetchable = entries.map((entry) => entry.manifest.id);
  const local = onDisk.filter((id) => !fetchable.includes(id));
  return Promise.all([
    ...entries.map((entry) => catalogRow(entry, modelsDir, onDisk.includes(entry.manifest.id))),
    ...local.map((id) => localRow(id, modelsDir)),
  ]);
}

/** The rows as an aligned table. */
export function formatRows(rows: readonly BundleRow[]): string {
  const cells = [
    ['id', 'size', 'licence', 'state', 'title'],
    ...rows.map((row) => [row.id, formatBytes(row.bytes), row.licence, row.state, row.title]),
  ];
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function catalogRow(entry: CatalogEntry, modelsDir: string, isOnDisk: boolean): Promise<BundleRow> {
  const { id, title, licence } = entry.manifest;
  const state = isOnDisk ? await stateOf(join(modelsDir, id)) : await partialState(entry, modelsDir);
  return { id, title, licence, bytes: entry.totalBytes, state };
}

async function localRow(id: string, modelsDir: string): Promise<BundleRow> {
  const bundle = await readBundle(join(modelsDir, id)).catch((error: unknown) => String(error));
  if (typeof bundle === 'string')
    return { id, title: '', licence: '', bytes: 0, state: `damaged: ${bundle}` };
  const { title, licence, files } = bundle.manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { id, title, licence, bytes, state: 'installed' };
}

async function stateOf(directory: string): Promise<string> {
  return readBundle(directory).then(
    () => 'installed',
    (error: unknown) => `damaged: ${error instanceof Error ? error.message : String(error)}`,
  );
}

async function partialState(entry: CatalogEntry, modelsDir: string): Promise<string> {
  const { unfinished } = new BundlePlace(modelsDir, entry.manifest.id);
  let bytes = 0;
  for (const file of entry.manifest.files) {
    const found = await stat(join(unfinished, file.path)).catch(() => undefined);
    bytes += Math.min(found?.size ?? 0, file.bytes);
  }
  return bytes === 0 ? 'not fetched' : `${Math.floor((100 * bytes) / entry.totalBytes)} % fetched`;
}
