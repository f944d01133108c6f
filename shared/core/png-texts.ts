/** Cameras and editors write a handful. libvips takes time by the square of their number: seconds for 100,000. */
export const MAX_PNG_TEXTS = 1_000;

const SIGNATURE_BYTES = 8;
const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt']);

/**
 * Whether a PNG has more texts than any program reads. Each chunk is a length, a type of four letters, that many bytes,
 * and a checksum.
 * @see PNG specification, third edition, §5.3
 */
export function hasTooManyTexts(png: Uint8Array): boolean {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  let texts = 0;
  for (let at = SIGNATURE_BYTES; at + 12 <= png.length; at += 12 + view.getUint32(at)) {
    if (TEXTS.has(String.fromCharCode(...png.subarray(at + 4, at + 8)))) texts += 1;
    if (texts > MAX_PNG_TEXTS) return true;
  }
  return false;
}
