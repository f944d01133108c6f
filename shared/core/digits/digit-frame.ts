import type { WrittenSign } from './find-digits.ts';
import { dilate } from './morphology.ts';
import { boxBlur, mapPlane, type Plane } from './plane.ts';

/** Side of the network's input, and of the square in it that a digit fills. @see LeCun et al. 1998, §III.A: MNIST */
export const FRAME_SIDE = 28;
const DIGIT_SIDE = 20;
/** Least and greatest width of a stroke in the frame, in pixels. */
const THINNEST = 2;
/** Samples along each side of an output pixel. */
const SAMPLES = 4;

/**
 * A written sign as MNIST has its digits: the longer side of its box 20 pixels, its centre of mass in the middle of
 * 28 × 28. Thin pens are thickened to what MNIST's pencils draw.
 * @param ink  0 for paper, about 1 for ink
 * @param sign positions within `ink`
 * @returns    float32 [28 × 28], ink 1 and paper 0
 */
export function frameDigit(ink: Plane, sign: WrittenSign): Float32Array {
  const strokes = cutOut(ink, sign);
  const { left, right, top, bottom } = sign.box;
  const pixel = Math.max(right - left, bottom - top) / DIGIT_SIDE;
  const missing = Math.max(0, THINNEST * pixel - strokeWidth(strokes));
  const thickened = dilate(strokes, Math.round(missing / 2));
  return resample(thickened, centreOf(thickened), pixel);
}

/** The sign alone with some paper around it, its edges as soft as they were. */
function cutOut(ink: Plane, { pixels, box }: WrittenSign): Plane {
  const margin = Math.ceil(Math.max(box.right - box.left, box.bottom - box.top) * 0.15) + 2;
  const width = box.right - box.left + 2 * margin;
  const height = box.bottom - box.top + 2 * margin;
  const isInk = { width, height, values: new Float32Array(width * height) };
  for (const at of pixels) {
    const row = Math.floor(at / ink.width) - box.top + margin;
    isInk.values[row * width + (at % ink.width) - box.left + margin] = 1;
  }
  return mapPlane(dilate(isInk, 1), (isNear, at) => {
    const x = (at % width) + box.left - margin;
    const y = Math.floor(at / width) + box.top - margin;
    const isInside = x >= 0 && y >= 0 && x < ink.width && y < ink.height;
    return isNear === 1 && isInside ? Math.min(1, Math.max(0, ink.values[y * ink.width + x] ?? 0)) : 0;
  });
}

/** Twice the area over the length of the outline, in pixels. */
function strokeWidth({ width, height, values }: Plane): number {
  let area = 0;
  let outline = 0;
  const isInk = (x: number, y: number) => (values[y * width + x] ?? 0) >= 0.5;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      if (!isInk(x, y)) continue;
      area += 1;
      outline += Number(!isInk(x - 1, y) || !isInk(x + 1, y) || !isInk(x, y - 1) || !isInk(x, y + 1));
    }
  }
  return outline === 0 ? 0 : (2 * area) / outline;
}

function centreOf({ width, values }: Plane): { x: number; y: number } {
  let mass = 0;
  let x = 0;
  let y = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    mass += value;
    x += value * ((at % width) + 0.5);
    y += value * (Math.floor(at / width) + 0.5);
  }
  return { x: x / mass, y: y / mass };
}

/**
 * Means over `pixel` × `pixel` squares of the source, the frame's middle at `centre`.
 * @param pixel source pixels that one pixel of the frame covers along a side
 */
function resample(source: Plane, centre: { x: number; y: number }, pixel: number): Float32Array {
  const soft = pixel > SAMPLES ? boxBlur(source, Math.floor(pixel / SAMPLES / 2)) : source;
  const half = FRAME_SIDE / 2;
  return Float32Array.from({ length: FRAME_SIDE ** 2 }, (_, at) => {
    let sum = 0;
    for (let sample = 0; sample < SAMPLES ** 2; sample++) {
      const across = (at % FRAME_SIDE) - half + ((sample % SAMPLES) + 0.5) / SAMPLES;
      const down = Math.floor(at / FRAME_SIDE) - half + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
      sum += sampleAt(soft, centre.x + across * pixel, centre.y + down * pixel);
    }
    return sum / SAMPLES ** 2;
  });
}

/** Bilinear, 0 outside. Pixel centres lie at halves. */
function sampleAt({ width, height, values }: Plane, x: number, y: number): number {
  const left = Math.floor(x - 0.5);
  const top = Math.floor(y - 0.5);
  const shareX = x - 0.5 - left;
  const shareY = y - 0.5 - top;
  const value = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height ? 0 : (values[row * width + column] ?? 0);
  const upper = value(left, top) * (1 - shareX) + value(left + 1, top) * shareX;
  const lower = value(left, top + 1) * (1 - shareX) + value(left + 1, top + 1) * shareX;
  return upper * (1 - shareY) + lower * shareY;
}
