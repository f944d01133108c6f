import type { Sharp } from 'sharp';
import { hashText, seededRandom } from '../core/training/random.ts';
import { withPicture, type DecodeLimits } from './decode-image.ts';
import { sharp } from './libvips.ts';

/** Shorter side, pixels: what encoders crop to, and a little more. */
const SIDE = 256;
/** Of the longer side over the shorter one; encoders look at the middle only. */
const MAX_ASPECT = 2;
const JPEG = { quality: 90, chromaSubsampling: '4:4:4' } as const;

/**
 * A picture as it is kept: a JPEG of 256 pixels on its shorter side, or its own size where that is less, upright, on
 * white, without metadata.
 * @throws AppError as `decodeImage` does
 */
export function shrinkPicture(bytes: Uint8Array, limits: DecodeLimits): Promise<Uint8Array> {
  return withPicture(bytes, limits, async (picture, header) => {
    const short = Math.min(header.width, header.height);
    const factor = Math.min(1, SIDE / short);
    const side = (pixels: number) => Math.max(1, Math.round(factor * Math.min(pixels, MAX_ASPECT * short)));
    const resized = picture
      .flatten({ background: '#ffffff' })
      .resize(side(header.width), side(header.height), { fit: 'cover' });
    return new Uint8Array(await resized.toColourspace('srgb').jpeg(JPEG).toBuffer());
  });
}

/**
 * Copies of a kept picture that show the same thing another way: mirrored, turned a little, lighter or darker, a part.
 * The seed decides how much; the same picture and seed make the same copies.
 * @param thumbnail what `shrinkPicture` made
 * @returns four JPEGs
 */
export async function augmentedCopies(thumbnail: Uint8Array, seed: string): Promise<readonly Uint8Array[]> {
  const { data, info } = await sharp(thumbnail).raw().toBuffer({ resolveWithObject: true });
  const random = seededRandom(hashText(seed));
  const between = (least: number, greatest: number) => least + (greatest - least) * random();
  const sign = () => (random() < 0.5 ? -1 : 1);
  const picture = () => sharp(data, { raw: info });
  const copies = [
    picture().flop(),
    await turned(picture(), info, sign() * between(5, 12)),
    picture().modulate({ brightness: 1 + sign() * between(0.15, 0.3) }),
    picture().extract(part(info, between(0.7, 0.9), { x: random(), y: random() })),
  ];
  return Promise.all(copies.map(async (copy) => new Uint8Array(await copy.jpeg(JPEG).toBuffer())));
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Turned about its middle, and cut to where no corner of the background shows. */
async function turned(picture: Sharp, size: Size, degrees: number): Promise<Sharp> {
  const { data, info } = await picture.rotate(degrees).raw().toBuffer({ resolveWithObject: true });
  const tilt = Math.abs(Math.sin((degrees * Math.PI) / 180));
  // A rectangle of the same shape fits inside the tilted one when shrunk by 1 / (1 + tilt · long / short).
  const shrink = 1 / (1 + (tilt * Math.max(size.width, size.height)) / Math.min(size.width, size.height));
  const width = Math.max(1, Math.floor(size.width * shrink));
  const height = Math.max(1, Math.floor(size.height * shrink));
  const left = Math.floor((info.width - width) / 2);
  const top = Math.floor((info.height - height) / 2);
  return sharp(data, { raw: info }).extract({ left, top, width, height });
}

/** A part of the picture's shape: `at` says where between the edges, 0…1. */
function part(size: Size, share: number, at: { x: number; y: number }) {
  const width = Math.max(1, Math.round(share * size.width));
  const height = Math.max(1, Math.round(share * size.height));
  return {
    width,
    height,
    left: Math.floor(at.x * (size.width - width + 1)),
    top: Math.floor(at.y * (size.height - height + 1)),
  };
}
