/** A file and the folder that it came in; an empty name for one that came alone. */
export interface ChosenFile {
  readonly file: File;
  readonly folder: string;
}

const PICTURE_NAME = /\.(jpe?g|png|webp|gif|avif|tiff?|bmp|heic|heif)$/i;

/** @example folderOf('pets/beagle/1.jpg') // 'beagle' */
export function folderOf(path: string): string {
  return path.split('/').at(-2) ?? '';
}

/** Pictures by their kind or name: folders hold other things too, which nobody meant. */
export function picturesOf(chosen: readonly ChosenFile[]): readonly ChosenFile[] {
  return chosen.filter(
    ({ file }) =>
      !file.name.startsWith('.') && (file.type.startsWith('image/') || PICTURE_NAME.test(file.name)),
  );
}
