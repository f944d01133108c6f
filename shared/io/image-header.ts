import { readBmpSize } from '../core/bmp-header.ts';
import { AppError } from '../core/errors.ts';
import { hasTooManyFrames } from '../core/gif-frames.ts';
import { IMAGE_FORMATS, type ImageFormat } from '../core/image-format.ts';
import { detectFormat } from '../core/image-signature.ts';
import { hasTooManyTexts } from '../core/png-texts.ts';
import { withinTime } from './decode-time.ts';
import { sharp } from './libvips.ts';
import { undecodable } from './undecodable-image.ts';

export interface ImageHeader {
  readonly format: ImageFormat;
  /** Pixels, after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** A JPEG that must be held whole while it is decoded, and so does not gain from shrinking on load. */
  readonly isProgressive: boolean;
  /** Ink that no profile explains. */
  readonly isPlainCmyk: boolean;
  /** Over 8 bits a channel, in a colour space of its own. */
  readonly isDeepWithProfile: boolean;
}

const PLAIN = { isProgressive: false, isPlainCmyk: false, isDeepWithProfile: false };

/**
 * What a picture says of itself, without decoding it: cheap enough to count pixels in flight by.
 * @throws AppError bad-request for no bytes, unsupported-image for what we do not decode, undecodable-image for a
 *         header that is damaged
 */
export async function readImageHeader(bytes: Uint8Array, timeoutMs: number): Promise<ImageHeader> {
  const format = requireFormat(bytes);
  if (format === 'bmp') return { format, ...readBmpSize(bytes), ...PLAIN };
  if (format === 'png' && hasTooManyTexts(bytes)) throw undecodable('it holds very many texts', format);
  if (format === 'gif' && hasTooManyFrames(bytes)) throw undecodable('it holds very many frames', format);
  const reading = sharp(bytes, { failOn: 'error', limitInputPixels: false }).metadata();
  const { autoOrient, space, depth, hasProfile, isProgressive } = await withinTime(
    reading,
    format,
    timeoutMs,
  );
  return {
    format,
    width: autoOrient.width,
    height: autoOrient.height,
    isProgressive,
    isPlainCmyk: space === 'cmyk' && !hasProfile,
    isDeepWithProfile: depth === 'ushort' && hasProfile,
  };
}

function requireFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) {
    throw new AppError('bad-request', 'Expected the bytes of an image for `image` but received none.');
  }
  const format = detectFormat(bytes);
  if (format !== undefined && format !== 'heic' && format !== 'svg') return format;
  const advice =
    format === 'heic' ? ' Save the photo as JPEG, or choose "Most Compatible" in the camera.' : '';
  const received = format ?? 'something else';
  throw new AppError(
    'unsupported-image',
    `Expected one of ${IMAGE_FORMATS.join(', ')} for \`image\` but received ${received}.${advice}`,
  );
}
