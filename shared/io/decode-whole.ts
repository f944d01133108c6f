import type { Sharp } from 'sharp';
import { layOnPaper } from '../core/digits/paper.ts';
import type { RgbPicture } from '../core/digits/read-digit.ts';
import { toRgb } from './crop-pixels.ts';
import { withPicture, type DecodedImage, type DecodeOptions, type ImageHeader } from './decode-image.ts';

/**
 * A picture's bytes to all of its pixels, the longer side brought to a length: upright and sRGB. What is transparent is
 * laid on the paper that its ink stands out from.
 * @param side in pixels; smaller pictures are enlarged
 * @throws AppError as `decodeImage` does
 */
export function decodeWhole(
  bytes: Uint8Array,
  side: number,
  options: DecodeOptions,
): Promise<DecodedImage<RgbPicture>> {
  return withPicture(bytes, options, async (picture, header) => {
    const { format, width, height } = header;
    const factor = side / Math.max(width, height);
    const size = {
      width: Math.max(1, Math.round(width * factor)),
      height: Math.max(1, Math.round(height * factor)),
    };
    const resized = picture.resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' });
    return { format, width, height, pixels: { ...size, pixels: await opaqueRgb(resized, header) } };
  });
}

async function opaqueRgb(picture: Sharp, header: ImageHeader): Promise<Uint8Array> {
  if (header.isPlainCmyk) return toRgb(picture.removeAlpha(), header);
  const alpha = await picture.clone().ensureAlpha().extractChannel('alpha').raw().toBuffer();
  return layOnPaper(await toRgb(picture.removeAlpha(), header), alpha);
}
