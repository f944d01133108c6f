import { darkStrokes } from './morphology.ts';
import { boxBlur, mapPlane, quantile, type Plane } from './plane.ts';
import { findSheet } from './sheet.ts';

/** Pixels of a picture, uint8 RGB, HWC [height, width, 3]. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** How strongly each pixel is marked: 0 for paper, about 1 for ink. */
export interface InkMap extends Plane {
  /** Of the ink, in shares of the paper's own lightness, about 0…1. */
  readonly contrast: number;
  /** The same of the paper's grain and noise. */
  readonly noise: number;
  /** Whether the paper is a sheet within the picture: what touches the border is then no ink, but what it lies on. */
  readonly isOnSheet: boolean;
}

/** Strokes wider than this share of the picture's shorter side are taken for paper. */
const WIDEST_STROKE = 0.22;
/** Smooths the grain of sensors and JPEG; strokes are wider. */
const SMOOTHING = 1;
/** Of all pixels, those whose marks count as ink at its full strength. */
const INK_SHARE = 0.004;
/** Contrast that somebody drew, in shares of full scale: paper's own structure has less. */
const LEAST_CONTRAST = 0.08;
/** How far it must stand above the noise. */
const LEAST_CONTRAST_TO_NOISE = 4;

/**
 * Marks on paper, dark on light or light on dark, of any colour, under uneven light: in the channel that shows them
 * best, what is narrower than a broad stroke and differs from the paper around it.
 *
 * @example black strokes on a page half in shadow: about 1 on the strokes in light and in shadow alike, 0 on both halves
 */
export function findInk(picture: RgbPicture): InkMap {
  const channel = boxBlur(clearestChannel(channelsOf(picture)), SMOOTHING);
  const reach = Math.max(1, Math.round((Math.min(picture.width, picture.height) * WIDEST_STROKE) / 2));
  const negative = mapPlane(channel, (value) => 1 - value);
  const dark = darkStrokes(channel, reach);
  const light = darkStrokes(negative, reach);
  const marksOf = (isDark: boolean) => (isDark ? relative(dark, channel) : relative(light, negative));
  const sheet = findSheet(channel);
  if (sheet !== undefined) {
    const onSheet = inkMap(marksOf(sheet.isLight), sheet.pixels);
    // A broad stroke, such as a 1, has the shape of a sheet as well; but nothing is drawn on it.
    if (isDrawnOn(onSheet)) return onSheet;
  }
  return inkMap(marksOf(standsOut(channel, dark) >= standsOut(negative, light)));
}

/** Whether somebody drew something, or paper and camera have only their grain. */
export function isDrawnOn({ contrast, noise }: Pick<InkMap, 'contrast' | 'noise'>): boolean {
  return contrast >= LEAST_CONTRAST && contrast >= LEAST_CONTRAST_TO_NOISE * noise;
}

/** @param sheet positions of its pixels; absent where the paper fills the picture */
function inkMap(marks: Plane, sheet?: readonly number[]): InkMap {
  const onPaper = sheet ? Float32Array.from(sheet, (at) => marks.values[at] ?? 0) : marks.values;
  const contrast = quantile(onPaper, 1 - INK_SHARE);
  const scaled = mapPlane(marks, (value) => (contrast === 0 ? 0 : value / contrast));
  return { ...scaled, contrast, noise: quantile(onPaper, 0.5), isOnSheet: sheet !== undefined };
}

/** Their mean, red, green and blue, 0…1. */
function channelsOf({ width, height, pixels }: RgbPicture): [Plane, ...Plane[]] {
  const byte = (at: number) => (pixels[at] ?? 0) / 255;
  const channel = (make: (at: number) => number): Plane => {
    const values = new Float32Array(width * height);
    for (let at = 0; at < values.length; at++) values[at] = make(3 * at);
    return { width, height, values };
  };
  return [
    channel((at) => (byte(at) + byte(at + 1) + byte(at + 2)) / 3),
    channel(byte),
    channel((at) => byte(at + 1)),
    channel((at) => byte(at + 2)),
  ];
}

/** Where the strongest differences from the neighbourhood are: red ink on green paper may be as light as the paper. */
function clearestChannel([mean, ...colours]: readonly [Plane, ...Plane[]]): Plane {
  const clarity = (channel: Plane) => {
    const around = boxBlur(channel, Math.ceil(Math.min(channel.width, channel.height) / 8));
    const differences = channel.values.map((value, at) => Math.abs(value - (around.values[at] ?? 0)));
    return quantile(differences, 0.98);
  };
  // The mean has less noise than one channel, and is left only for what is clearly better.
  let best = { channel: mean, clarity: 1.25 * clarity(mean) };
  for (const channel of colours) {
    const found = { channel, clarity: clarity(channel) };
    if (found.clarity > best.clarity) best = found;
  }
  return best.channel;
}

/**
 * Ink differs from the paper that fills the picture; the inside of a loop, which stands out in the other polarity, does
 * not.
 * @param marks of the polarity in which ink is darker
 * @returns how much darker than the paper at large the marks are, weighted by how strong they are
 */
function standsOut(channel: Plane, marks: Plane): number {
  const paper = boxBlur(channel, Math.ceil(Math.max(channel.width, channel.height) / 3));
  let sum = 0;
  for (let at = 0; at < marks.values.length; at++) {
    const mark = marks.values[at] ?? 0;
    sum += mark * mark * ((paper.values[at] ?? 0) - (channel.values[at] ?? 0));
  }
  return sum;
}

/** A shadow takes the same share from paper and ink: marks in shares of the paper under them, unless that is nearly black. */
function relative(marks: Plane, channel: Plane): Plane {
  return mapPlane(marks, (mark, at) => mark / (0.2 + 0.8 * (mark + (channel.values[at] ?? 0))));
}
