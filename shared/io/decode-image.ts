import type { Sharp } from 'sharp';
import type { ImageFormat } from '../core/image-format.ts';
import type { Preprocessing } from '../core/preprocessing.ts';
import { cropPixels } from './crop-pixels.ts';
import { decodeBmp } from './decode-bmp.ts';
import { readImageHeader, type ImageHeader } from './image-header.ts';
import { sharp } from './libvips.ts';
import { tooManyPixels, tooSlow, undecodable } from './undecodable-image.ts';

export { readImageHeader, type ImageHeader } from './image-header.ts';

export interface DecodeLimits {
  /** Pixels of a picture: a decompression bomb is refused by its header. */
  readonly maxImagePixels: number;
  /** The same for JPEGs that shrink while they load, and so never stand in memory whole. */
  readonly maxJpegPixels: number;
  readonly timeoutMs: number;
}

export interface DecodedImage {
  readonly format: ImageFormat;
  /** Pixels of the picture as it was sent, after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** uint8 RGB, HWC [cropSize, cropSize, 3]: resized and cropped as the bundle asks. */
  readonly pixels: Uint8Array;
}

/**
 * A picture's bytes to the encoder's crop: oriented, laid on white, sRGB, resized, cropped.
 * @throws AppError bad-request, unsupported-image or undecodable-image; the message says which
 */
export function decodeImage(
  bytes: Uint8Array,
  preprocessing: Preprocessing,
  limits: DecodeLimits,
): Promise<DecodedImage> {
  return withPicture(bytes, limits, async (picture, header) => {
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
  limits: DecodeLimits,
  work: (picture: Sharp, header: ImageHeader) => Promise<T>,
): Promise<T> {
  const header = await readImageHeader(bytes);
  const { format, width, height } = header;
  const maxPixels = maxPixelsOf(header, limits);
  if (width * height > maxPixels) throw tooManyPixels(header, maxPixels);
  try {
    const picture = await openPicture(bytes, header, limits);
    return await withinTime(work(picture, header), format, limits.timeoutMs);
  } catch (error) {
    const isTimeout = error instanceof Error && error.message.startsWith('timeout:');
    throw isTimeout ? tooSlow(format, limits.timeoutMs) : undecodable(error, format);
  }
}

function maxPixelsOf({ format, isProgressive, isPlainCmyk }: ImageHeader, limits: DecodeLimits): number {
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

/** libvips looks at its own timeout between two strips of a picture only; the answer must not wait for that. */
async function withinTime<T>(result: Promise<T>, format: ImageFormat, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(format, timeoutMs)), timeoutMs);
  });
  return Promise.race([result, deadline]).finally(() => clearTimeout(timer));
}
