import { JsonReader } from './json-reader.ts';

/** How a bundle wants its pixels: read from `preprocessor_config.json`, never hard-coded. */
export interface Preprocessing {
  /** Length of the shorter side after resizing, in pixels. */
  readonly shortestEdge: number;
  /** Side of the square centre crop, in pixels: the encoder's input is [3, cropSize, cropSize]. */
  readonly cropSize: number;
  readonly resample: 'bicubic' | 'bilinear' | 'lanczos';
  /** Multiplies a byte before normalisation; 1/255 as a rule. */
  readonly rescaleFactor: number;
  /** Per channel, in rescaled units. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** Part of every embedding's cache key: raised whenever the same bytes would give other pixels. */
export const PREPROCESSING_VERSION = 1;

/** Pillow's numbers of the filters, as `resample` gives them. @see PIL.Image.Resampling */
const RESAMPLE: Readonly<Record<number, Preprocessing['resample']>> = {
  1: 'lanczos',
  2: 'bilinear',
  3: 'bicubic',
};

/** Largest side that any CLIP uses is 448; a file that asks for more than this is not one of a CLIP. */
const MAX_SIDE = 1024;

/**
 * Reads a Hugging Face `preprocessor_config.json` of a `CLIPImageProcessor`. What may be left out there
 * (`do_*`, `resample`, `rescale_factor`) has that class's defaults here; sizes, mean and std must be given.
 *
 * @example
 * parsePreprocessing({ size: 224, crop_size: 224, image_mean: [0, 0, 0], image_std: [1, 1, 1] }).cropSize // 224
 * @throws FormatError naming every field that is wrong
 * @see transformers, CLIPImageProcessor
 */
export function parsePreprocessing(json: unknown): Preprocessing {
  const read = new JsonReader('preprocessor_config.json');
  const config = read.object(json, 'preprocessor_config.json');
  const isNormalised = optionalFlag(read, config, 'do_normalize');
  const isRescaled = optionalFlag(read, config, 'do_rescale');
  for (const step of ['do_resize', 'do_center_crop']) {
    if (!optionalFlag(read, config, step)) read.reject(step, 'true', false);
  }
  const shortestEdge = readShortestEdge(read, config.size);
  const cropSize = readCropSize(read, config.crop_size);
  if (cropSize > shortestEdge)
    read.reject('crop_size', `at most the shortest edge, ${shortestEdge},`, cropSize);
  const preprocessing: Preprocessing = {
    shortestEdge,
    cropSize,
    resample: readResample(read, config.resample ?? 3),
    rescaleFactor: isRescaled
      ? read.number(config.rescale_factor ?? 1 / 255, 'rescale_factor', { min: 1e-6, max: 1 })
      : 1,
    mean: isNormalised ? readChannels(read, config.image_mean, 'image_mean') : [0, 0, 0],
    std: isNormalised ? readChannels(read, config.image_std, 'image_std') : [1, 1, 1],
  };
  if (preprocessing.std.includes(0)) read.reject('image_std', 'three numbers other than 0', config.image_std);
  read.check();
  return preprocessing;
}

/**
 * Cropped RGB pixels to the encoder's input.
 * @param pixels one uint8 HWC picture each, [cropSize, cropSize, 3], 0…255
 * @returns      float32, NCHW [pictures, 3, cropSize, cropSize], (x · rescaleFactor − mean) / std
 * @throws       RangeError when a picture has another length
 * @example      a byte of 255 with factor 1/255, mean 0.5 and std 0.5 becomes (1 − 0.5) / 0.5 = 1
 * @see          Radford et al. 2021, §2.4; `preprocessor_config.json` of the bundle
 */
export function toTensor(pixels: readonly Uint8Array[], preprocessing: Preprocessing): Float32Array {
  const plane = preprocessing.cropSize ** 2;
  const tensor = new Float32Array(pixels.length * 3 * plane);
  const tables = ([0, 1, 2] as const).map((channel) => normalisedBytes(preprocessing, channel));
  for (const [index, picture] of pixels.entries()) {
    if (picture.length !== plane * 3) {
      throw new RangeError(
        `Expected ${plane * 3} bytes for \`pixels[${index}]\` but received ${picture.length}.`,
      );
    }
    for (const [channel, table] of tables.entries()) {
      const start = (index * 3 + channel) * plane;
      for (let at = 0; at < plane; at++) tensor[start + at] = table[picture[at * 3 + channel] ?? 0] ?? 0;
    }
  }
  return tensor;
}

/** What each of the 256 bytes becomes in one channel: a look-up beats arithmetic on every pixel. */
function normalisedBytes({ rescaleFactor, mean, std }: Preprocessing, channel: 0 | 1 | 2): Float32Array {
  return Float32Array.from(
    { length: 256 },
    (_, byte) => (byte * rescaleFactor - mean[channel]) / std[channel],
  );
}

function optionalFlag(read: JsonReader, config: Readonly<Record<string, unknown>>, field: string): boolean {
  return config[field] === undefined ? true : read.boolean(config[field], field);
}

/** `224` in older files, `{ shortest_edge: 224 }` in newer ones. */
function readShortestEdge(read: JsonReader, size: unknown): number {
  if (typeof size === 'number') return read.number(size, 'size', { min: 1, max: MAX_SIDE, integer: true });
  const edge = read.object(size, 'size').shortest_edge;
  return read.number(edge, 'size.shortest_edge', { min: 1, max: MAX_SIDE, integer: true });
}

/** `224` in older files, `{ height: 224, width: 224 }` in newer ones. */
function readCropSize(read: JsonReader, cropSize: unknown): number {
  if (typeof cropSize === 'number') {
    return read.number(cropSize, 'crop_size', { min: 1, max: MAX_SIDE, integer: true });
  }
  const { height, width } = read.object(cropSize, 'crop_size');
  const side = read.number(height, 'crop_size.height', { min: 1, max: MAX_SIDE, integer: true });
  if (width !== height) read.reject('crop_size.width', `the height, ${side},`, width);
  return side;
}

function readResample(read: JsonReader, value: unknown): Preprocessing['resample'] {
  const resample = typeof value === 'number' ? RESAMPLE[value] : undefined;
  if (resample === undefined) read.reject('resample', '1 (lanczos), 2 (bilinear) or 3 (bicubic)', value);
  return resample ?? 'bicubic';
}

function readChannels(read: JsonReader, value: unknown, field: string): [number, number, number] {
  const list = read.list(value, field, { min: 3, max: 3 });
  const channel = (index: number): number =>
    list.length === 0 ? 1 : read.number(list[index], `${field}[${index}]`, { min: -255, max: 255 });
  return [channel(0), channel(1), channel(2)];
}
