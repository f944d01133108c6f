import type { Sharp } from 'sharp';
import type { ImageFormat } from '../core/image-format.ts';
import type { Preprocessing } from '../core/preprocessing.ts';
import { cropPixels } from './crop-pixels.ts';
import { decodeBmp } from './decode-bmp.ts';
import { withinTime } from './decode-time.ts';
import { readImageHeader, type ImageHeader } from './image-header.ts';
import { sharp } from './libvips.ts';
import { tooManyPixels } from './undecodable-image.ts';

export { readImageHeader, type ImageHeader } from './image-header.ts';

export interface DecodeLimits {
  /** Pixels of a picture, half of it for AVIF: a decompression bomb is refused by its header. */
  readonly maxImagePixels: number;
  /** The same for JPEGs that shrink while they load, and so never stand in memory whole. */
  readonly maxJpegPixels: number;
  /** For the header and for the pixels each. */
  readonly timeoutMs: number;
}

export interface DecodeOptions extends DecodeLimits {
  /** Where it was read already. */
  readonly header?: ImageHeader;
  /** Called once, when the decoder is done with the picture: after a timeout later than the answer. */
  readonly onFree?: () => void;
}

/** @typeParam Pixels what was made of it: for an encoder uint8 RGB, HWC [cropSize, cropSize, 3] */
export interface DecodedImage<Pixels = Uint8Array> {
  readonly format: ImageFormat;
  /** Pixels of the picture as it was sent, after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
}

/**
 * A picture's bytes to the encoder's crop: oriented, laid on white, sRGB, resized, cropped.
 * @throws AppError bad-request, unsupported-image or undecodable-image; the message says which
 */
export function decodeImage(
  bytes: Uint8Array,
  preprocessing: Preprocessing,
  options: DecodeOptions,
): Promise<DecodedImage> {
  return withPicture(bytes, options, async (picture, header) => {
    const { format, width, height } = header;
    return { format, width, height, pixels: await cropPixels(picture, header, preprocessing) };
  });
}

/**
 * Opens a picture, oriented, and works with it within the limits.
 * @throws AppError as `decodeImage` does
 */
export async function withPicture<T>(
  bytes: Uint8Array,
  options: DecodeOptions,
  work: (picture: Sharp, header: ImageHeader) => Promise<T>,
): Promise<T> {
  let working: Promise<unknown> = Promise.resolve();
  try {
    const header = options.header ?? (await readImageHeader(bytes, options.timeoutMs));
    checkPixels(header, options);
    const result = openPicture(bytes, header, options).then((picture) => work(picture, header));
    working = result.catch(() => undefined);
    return await withinTime(result, header.format, options.timeoutMs);
  } finally {
    void working.then(options.onFree);
  }
}

/** Refuses a decompression bomb by what its header claims. @throws AppError undecodable-image */
export function checkPixels(header: ImageHeader, limits: DecodeLimits): void {
  const maxPixels = maxPixelsOf(header, limits);
  if (header.width * header.height > maxPixels) throw tooManyPixels(header, maxPixels);
}

const HELD_WHOLE: ReadonlySet<ImageFormat> = new Set(['webp', 'bmp']);

/**
 * Pixels that a picture counts as while it is decoded, so that a bound on them bounds the memory: AVIF, WebP, BMP, and what
 * is interlaced or progressive, stand in it whole. A transparent AVIF takes 14 bytes a pixel, WebP, BMP and an interlaced
 * PNG of 16 bits 8, what comes in rows 4 at most (scripts/bench/decode-memory.ts).
 */
export function pixelsHeld({ format, width, height, isProgressive }: ImageHeader): number {
  const factor = format === 'avif' ? 3 : HELD_WHOLE.has(format) || isProgressive ? 2 : 1;
  return width * height * factor;
}

function maxPixelsOf({ format, isProgressive, isPlainCmyk }: ImageHeader, limits: DecodeLimits): number {
  // With transparency 14 bytes a pixel while it is decoded: 64 megapixels would fill the memory of a container alone.
  if (format === 'avif') return Math.floor(limits.maxImagePixels / 2);
  const shrinksOnLoad = format === 'jpeg' && !isProgressive && !isPlainCmyk;
  return shrinksOnLoad ? Math.max(limits.maxJpegPixels, limits.maxImagePixels) : limits.maxImagePixels;
}

async function openPicture(bytes: Uint8Array, header: ImageHeader, limits: DecodeLimits): Promise<Sharp> {
  if (header.format !== 'bmp') {
    const limitInputPixels = maxPixelsOf(header, limits);
    const picture = sharp(bytes, { failOn: 'error', limitInputPixels, sequentialRead: true });
    return picture.autoOrient().timeout({ seconds: Math.ceil(limits.timeoutMs / 1000) });
  }
  const { rgba, width, height } = await decodeBmp(bytes, limits.timeoutMs);
  return sharp(rgba, { raw: { width, height, channels: 4 } });
}
