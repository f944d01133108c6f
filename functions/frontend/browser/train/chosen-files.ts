import { trainedLabel } from '../../../../shared/core/trained-label.ts';

/** A file and the folder that it came in; an empty name for one that came alone. */
export interface ChosenFile {
  readonly file: File;
  readonly folder: string;
}

const PICTURE_NAME = /\.(jpe?g|png|webp|gif|avif|tiff?|bmp|heic|heif)$/i;

/** Files of a field that takes a folder, each with the folder that it lies in itself. */
export function filesOfFolder(files: readonly File[]): readonly ChosenFile[] {
  return files.map((file) => ({ file, folder: folderOf(file.webkitRelativePath) }));
}

/**
 * What was dropped, folders gone through.
 * @param transfer must be read before the event is over: the entries are, the files within come later
 */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly ChosenFile[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ file, folder: '' }));
  return (await Promise.all(entries.map((entry) => filesOf(entry, '')))).flat();
}

async function filesOf(entry: FileSystemEntry, folder: string): Promise<readonly ChosenFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, folder }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: ChosenFile[] = [];
  // A reader gives a hundred entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map((inner) => filesOf(inner, entry.name)))).flat());
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** @example folderOf('pets/beagle/1.jpg') // 'beagle' */
function folderOf(path: string): string {
  return path.split('/').at(-2) ?? '';
}

/** Pictures by their kind or name: folders hold other things too, which nobody meant. */
export function picturesOf(chosen: readonly ChosenFile[]): readonly ChosenFile[] {
  return chosen.filter(
    ({ file }) =>
      !file.name.startsWith('.') && (file.type.startsWith('image/') || PICTURE_NAME.test(file.name)),
  );
}

/** A folder's name as a label: what no label may hold becomes a blank. Empty where nothing is left. */
export function labelOfFolder(folder: string): string {
  const cleaned = folder.replace(/[^\p{L}\p{M}\p{N} _\-'.()]+/gu, ' ').replace(/_/g, ' ');
  return trainedLabel(cleaned.slice(0, 100)) ?? '';
}
