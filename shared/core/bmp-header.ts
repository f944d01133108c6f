import { AppError } from './errors.ts';

/**
 * Width and height that a BMP claims, in pixels, so that its size is known before anything decodes it.
 * The OS/2 header (12 bytes) has them as 16-bit numbers; all others as 32-bit ones, the height negative where rows run
 * from top to bottom.
 *
 * @throws AppError undecodable-image when the file ends before them, or one of them is zero
 * @see BITMAPCOREHEADER, BITMAPINFOHEADER
 */
export function readBmpSize(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) throw damaged(`${bytes.length} bytes`);
  const isCore = view.getUint32(14, true) === 12;
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = isCore ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  if (width <= 0 || height === 0) throw damaged(`one of ${width} × ${height}`);
  return { width, height };
}

function damaged(received: string): AppError {
  return new AppError(
    'undecodable-image',
    `Expected a bmp with a size for \`image\` but received ${received}.`,
  );
}
