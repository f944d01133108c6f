import type { KernelEnum, Region, Sharp } from 'sharp';
import { cropGeometry } from '../core/crop-geometry.ts';
import type { Preprocessing } from '../core/preprocessing.ts';
import { planAxis, resampleRgb } from '../core/resample.ts';
import type { ImageHeader } from './image-header.ts';

/**
 * Pillow's filters by libvips' names. libvips' `cubic` is Catmull-Rom (a = −0.5) and widens when it shrinks, as
 * Pillow's does.
 */
const KERNELS: Readonly<Record<Preprocessing['resample'], keyof KernelEnum>> = {
  bicubic: 'cubic',
  bilinear: 'linear',
  lanczos: 'lanczos3',
};

/**
 * An opened picture to the encoder's crop. Alpha is laid on white before anything is resized, so that what is hidden
 * under transparent pixels never bleeds into their neighbours.
 * @returns uint8 RGB, HWC [cropSize, cropSize, 3]
 */
export async function cropPixels(
  picture: Sharp,
  header: ImageHeader,
  preprocessing: Preprocessing,
): Promise<Uint8Array> {
  const opaque = header.isPlainCmyk ? picture.removeAlpha() : picture.flatten({ background: '#ffffff' });
  const isSmall = Math.min(header.width, header.height) < preprocessing.shortestEdge;
  return isSmall ? enlarge(opaque, header, preprocessing) : shrink(opaque, header, preprocessing);
}

/** libvips resizes as it decodes: a large picture never stands in memory whole. */
async function shrink(
  picture: Sharp,
  header: ImageHeader,
  preprocessing: Preprocessing,
): Promise<Uint8Array> {
  const { width, height, left, top } = cropGeometry(header, preprocessing);
  const side = preprocessing.cropSize;
  const kernel = KERNELS[preprocessing.resample];
  // fastShrinkOnLoad off: the decoder of a JPEG shrinks to no less than twice the target, which the tolerance allows.
  const resized = picture.resize(width, height, { fit: 'fill', kernel, fastShrinkOnLoad: false });
  return toRgb(resized.extract({ left, top, width: side, height: side }), header);
}

/**
 * libvips enlarges half an output pixel off the centre, and a strip of one pixel by thousands would become millions
 * wide: so only the part under the crop is decoded, and enlarged here as Pillow does it.
 */
async function enlarge(
  picture: Sharp,
  header: ImageHeader,
  preprocessing: Preprocessing,
): Promise<Uint8Array> {
  const { width, height, left, top } = cropGeometry(header, preprocessing);
  const { cropSize, resample } = preprocessing;
  const across = planAxis(
    { source: header.width, output: width },
    { start: left, length: cropSize },
    resample,
  );
  const down = planAxis(
    { source: header.height, output: height },
    { start: top, length: cropSize },
    resample,
  );
  const region: Region = {
    left: across.from,
    top: down.from,
    width: across.to - across.from,
    height: down.to - down.from,
  };
  return resampleRgb(await toRgb(picture.extract(region), header), across, down);
}

/** The pipeline's pixels as RGB, whatever it ends in: grey has one channel, and CMYK without a profile keeps its four. */
export async function toRgb(picture: Sharp, header: ImageHeader): Promise<Uint8Array> {
  if (header.isPlainCmyk) {
    return cmykToRgb(await picture.pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer());
  }
  // sharp takes over 8 bits to Display P3 and leaves them there, unless a profile is asked for.
  const inSrgb = header.isDeepWithProfile ? picture.withIccProfile('srgb') : picture;
  const { data, info } = await inSrgb.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  return Uint8Array.from(
    { length: info.width * info.height * 3 },
    (_, at) => data[Math.floor(at / 3) * info.channels] ?? 0,
  );
}

/**
 * Ink to light where no profile says more, as Pillow and browsers do it.
 * @example cyan 255, no other ink and black 0: red 0, green 255, blue 255
 */
function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: (cmyk.length / 4) * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3) * 4;
    const ink = cmyk[pixel + (at % 3)] ?? 0;
    const black = cmyk[pixel + 3] ?? 0;
    return Math.round(((255 - ink) * (255 - black)) / 255);
  });
}
