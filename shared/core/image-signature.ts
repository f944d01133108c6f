import type { ImageFormat } from './image-format.ts';

/** What is told but not decoded: HEIC gets advice, SVG is refused. */
export type DetectedFormat = ImageFormat | 'heic' | 'svg';

/** Sizes of the header that follows a BMP's file header: OS/2 1 and 2, Windows 3 to 5. @see bmpsuite */
const BMP_HEADER_SIZES = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

/** ISO base media brands. `mif1` and `msf1` name only the container: another brand of the file decides. */
const AVIF_BRANDS = new Set(['avif', 'avis']);
const HEIC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'msf1']);

/** Enough for a long comment before `<svg`. */
const TEXT_BYTES = 4096;

/**
 * What a file is by its first bytes, whatever its name or `Content-Type` say.
 * @example detectFormat(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)) // 'jpeg'
 * @returns undefined for anything else, an empty file included
 */
export function detectFormat(bytes: Uint8Array): DetectedFormat | undefined {
  const start = latin1(bytes.subarray(0, 16));
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (/^GIF8[79]a/.test(start)) return 'gif';
  if (/^RIFF[^]{4}WEBP/.test(start)) return 'webp';
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return 'tiff';
  if (start.startsWith('BM') && BMP_HEADER_SIZES.has(uint32LittleEndian(bytes, 14))) return 'bmp';
  if (start.slice(4, 8) === 'ftyp') return detectBrand(bytes);
  return isSvg(bytes) ? 'svg' : undefined;
}

/** `ftyp` box: size, "ftyp", major brand, minor version, then compatible brands of four characters each. */
function detectBrand(bytes: Uint8Array): 'avif' | 'heic' | undefined {
  const size = Math.min(bytes.length, uint32BigEndian(bytes, 0), 256);
  const brands = [latin1(bytes.subarray(8, 12))];
  for (let at = 16; at + 4 <= size; at += 4) brands.push(latin1(bytes.subarray(at, at + 4)));
  if (brands.some((brand) => AVIF_BRANDS.has(brand))) return 'avif';
  return brands.some((brand) => HEIC_BRANDS.has(brand)) ? 'heic' : undefined;
}

/** `<svg` after any of: byte order mark, blanks, XML declaration, comments, document type. */
function isSvg(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, TEXT_BYTES)).replaceAll('\0', '');
  let rest = text.trimStart();
  while (/^<[?!]/.test(rest)) {
    const end = rest.startsWith('<!--') ? rest.indexOf('-->') : rest.search(/>/);
    if (end < 0) return /<svg[\s>]/i.test(rest);
    rest = rest.slice(rest.indexOf('>', end) + 1).trimStart();
  }
  return /^<(?:\w+:)?svg[\s>/]/i.test(rest);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function uint32LittleEndian(bytes: Uint8Array, at: number): number {
  return at + 4 <= bytes.length ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true) : 0;
}

function uint32BigEndian(bytes: Uint8Array, at: number): number {
  return at + 4 <= bytes.length ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(at) : 0;
}
