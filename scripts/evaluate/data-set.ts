import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { UserError } from '../command/user-error.ts';
import { parseCsv, type CsvRow } from './csv.ts';
import { truthOfFolder, type Truth } from './label-matcher.ts';

export interface DataSet {
  /** Name of the directory. */
  readonly name: string;
  /** In a fixed order. */
  readonly pictures: readonly LabelledFile[];
}

export interface LabelledFile {
  readonly path: string;
  readonly truth: Truth;
  /** How the data say it: a folder's name, or a row's label, wnid or index. */
  readonly said: string;
}

/** Files of other endings are left alone: notes, tables, thumbnails' databases. */
const PICTURE = /\.(jpe?g|png|webp|gif|avif|tiff?|bmp)$/i;

/**
 * Labelled pictures: a folder for each class, or a flat folder with a table of labels. Without `labelsPath`, a
 * `labels.csv` in a folder that has no subfolders is taken.
 * @throws UserError when there is no picture, no label, or a row names a file that is not there
 */
export async function readDataSet(directory: string, labelsPath?: string): Promise<DataSet> {
  const root = resolve(directory);
  const entries = await readdir(root, { withFileTypes: true }).catch(() => {
    throw new UserError(`Expected a folder of pictures for --data but received ${directory}.`);
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const hasTable = entries.some((entry) => entry.name === 'labels.csv');
  const table = labelsPath ?? (folders.length === 0 && hasTable ? join(root, 'labels.csv') : undefined);
  const pictures =
    table === undefined ? await fromFolders(root, folders.sort()) : await fromTable(root, table);
  if (pictures.length > 0) return { name: basename(root), pictures };
  const advice = 'a folder for each class, or --labels with a table of file and label';
  throw new UserError(`Expected ${advice}, in ${directory}, but found no labelled picture.`);
}

async function fromFolders(root: string, folders: readonly string[]): Promise<LabelledFile[]> {
  const pictures: LabelledFile[] = [];
  for (const folder of folders) {
    const names = await readdir(join(root, folder), { recursive: true });
    for (const name of names.filter((file) => PICTURE.test(file)).sort()) {
      pictures.push({ path: join(root, folder, name), truth: truthOfFolder(folder), said: folder });
    }
  }
  return pictures;
}

async function fromTable(root: string, path: string): Promise<LabelledFile[]> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UserError(`Expected a table for --labels but could not read ${path}.`);
  });
  const pictures = fromRows(root, path, text);
  const missing = await missingFiles(pictures);
  if (missing.length === 0) return pictures;
  const more = missing.length > 3 ? `, and ${missing.length - 3} more` : '';
  throw new UserError(
    `${path} names files that are not in ${root}: ${missing.slice(0, 3).join(', ')}${more}.`,
  );
}

/** @throws UserError naming the table and what is wrong in it */
function fromRows(root: string, path: string, text: string): LabelledFile[] {
  try {
    return parseCsv(text).map((row, index) => fromRow(root, row, index + 2));
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${path}: ${error.message}`, { cause: error }) : error;
  }
}

function fromRow(root: string, row: CsvRow, line: number): LabelledFile {
  const { file, label, index, wnid } = row;
  if (file === undefined) throw new UserError(`Expected a column "file" with a value in row ${line}.`);
  const path = resolve(root, file);
  const within = relative(root, path);
  if (within.startsWith('..') || isAbsolute(within)) {
    throw new UserError(`Expected a file within the data in row ${line} but received ${file}.`);
  }
  if (index !== undefined && !/^\d{1,6}$/.test(index)) {
    throw new UserError(`Expected a whole number for index in row ${line} but received ${index}.`);
  }
  const truth: Truth = {
    ...(label !== undefined && { label }),
    ...(index !== undefined && { index: Number(index) }),
    ...(wnid !== undefined && { wnid }),
  };
  const said = label ?? wnid ?? index;
  if (said === undefined) throw new UserError(`Expected a label, an index or a wnid in row ${line}.`);
  return { path, truth, said };
}

async function missingFiles(pictures: readonly LabelledFile[]): Promise<string[]> {
  const missing: string[] = [];
  for (const { path } of pictures) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) missing.push(basename(path));
  }
  return missing;
}
