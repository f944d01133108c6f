import { AppError } from './errors.ts';

/** Headers of Windows 3 (40 bytes) and of what Photoshop and Windows 4 and 5 made of it. */
const HEADER_BYTES = new Set([40, 52, 56, 108, 124]);
const FILE_HEADER_BYTES = 14;
/** Colours as they are, or by bit masks. Run lengths and embedded JPEG or PNG are the rest. */
const PLAIN = 0;
const MASKS = 3;

/**
 * Width and height that a BMP claims, in pixels, so that its size is known before anything decodes it. Refused are the
 * kinds that jimp 1.6 gets wrong without a word: run lengths, four bits a pixel in rows of odd length, OS/2 headers,
 * and pixels that do not follow the colour table at once.
 *
 * @throws AppError undecodable-image when the file ends before its header or has no area, unsupported-image for a kind
 *         that is not decoded
 * @see BITMAPINFOHEADER, BITMAPV5HEADER
 */
export function readBmpSize(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) throw damaged(`${bytes.length} bytes`);
  const headerBytes = view.getUint32(FILE_HEADER_BYTES, true);
  if (!HEADER_BYTES.has(headerBytes)) throw unsupported(`a header of ${headerBytes} bytes`);
  if (bytes.length < FILE_HEADER_BYTES + headerBytes) throw damaged(`${bytes.length} bytes`);
  const width = view.getInt32(18, true);
  const height = Math.abs(view.getInt32(22, true));
  if (width <= 0 || height === 0) throw damaged(`one of ${width} × ${height}`);
  checkKind(view, width, headerBytes);
  return { width, height };
}

function checkKind(view: DataView, width: number, headerBytes: number): void {
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const colours = view.getUint32(46, true);
  if (compression !== PLAIN && compression !== MASKS) throw unsupported(`compression ${compression}`);
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw unsupported(`${bits} bits a pixel`);
  if (bits === 4 && width % 2 === 1) throw unsupported('4 bits a pixel in rows of odd length');
  const maskBytes = compression === MASKS && headerBytes === 40 ? 12 : 0;
  const tableEntries = colours === 0 && bits <= 8 ? 2 ** bits : colours;
  const pixelsAt = FILE_HEADER_BYTES + headerBytes + maskBytes + 4 * tableEntries;
  if (view.getUint32(10, true) !== pixelsAt) throw unsupported('pixels apart from the colour table');
}

function damaged(received: string): AppError {
  return new AppError(
    'undecodable-image',
    `Expected a bmp with a size for \`image\` but received ${received}.`,
  );
}

function unsupported(received: string): AppError {
  const message = `Expected a plain bmp for \`image\` but received one with ${received}. Save it as PNG.`;
  return new AppError('unsupported-image', message);
}
