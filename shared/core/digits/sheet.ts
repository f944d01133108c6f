import { findComponents } from './components.ts';
import { erode } from './morphology.ts';
import { mapPlane, type Plane } from './plane.ts';

/** A sheet that lies on something of another lightness, all of it in the picture. */
export interface Sheet {
  /** Whether it is lighter than what it lies on. */
  readonly isLight: boolean;
  /** Positions of its pixels in the plane, what is drawn on it included, its edge left out. */
  readonly pixels: readonly number[];
}

/** Of the picture: less is a sticker somewhere, or a thick stroke. */
const LEAST_AREA = 0.12;
/** Of the picture's border, that a sheet may touch. */
const MOST_AT_BORDER = 0.1;
/** Of the smallest rectangle around it, however turned; an ellipse, such as a broad 0, fills 0.79 of its own. */
const LEAST_RECTANGULARITY = 0.87;
/** Of the sheet, what is as dark as the table: ink. A bold digit that fills it takes less, the hole of an angular 0 mostly more. */
const MOST_DRAWN = 0.25;
/** Of the sheet's edge, in pixels: there its lightness goes over into that of the table. */
const EDGE = 3;
const BINS = 256;
/** A rectangle is the same again after 90 degrees. */
const ANGLES = Array.from({ length: 30 }, (_, at) => (3 * at * Math.PI) / 180);

/**
 * Looks for a sheet that does not fill the picture: its table is then no paper to read on.
 * @param lightness 0…1
 * @returns undefined where the paper fills the picture, or nothing has the shape of a sheet
 * @example a white note with a dark 3 on a dark desk: light, the pixels of the note and of the 3
 */
export function findSheet(lightness: Plane): Sheet | undefined {
  const threshold = otsu(lightness.values);
  for (const isLight of [true, false]) {
    const isSheet = lightness.values.map((value) => Number(value > threshold === isLight));
    const pixels = sheetPixels({ ...lightness, values: isSheet });
    if (pixels !== undefined) return { isLight, pixels };
  }
  return undefined;
}

/** @param mask 1 for pixels that may be of the sheet */
function sheetPixels(mask: Plane): readonly number[] | undefined {
  const { width, height, values } = mask;
  const least = LEAST_AREA * width * height;
  if (values.reduce((sum, value) => sum + value, 0) < (1 - MOST_DRAWN) * least) return undefined;
  const border = borderOf(mask);
  const touched = border.filter((at) => values[at] === 1).length;
  if (touched > MOST_AT_BORDER * border.length) return undefined;
  const filled = withoutHoles(mask, border);
  const components = findComponents(filled, { strong: 1, weak: 1 });
  const [first = { pixels: [] }] = [...components].sort((a, b) => b.pixels.length - a.pixels.length);
  const { pixels } = first;
  if (pixels.length < least) return undefined;
  const drawn = pixels.filter((at) => values[at] === 0).length / pixels.length;
  if (drawn > MOST_DRAWN || rectangularity(pixels, width) < LEAST_RECTANGULARITY) return undefined;
  return withoutEdge(mask, pixels);
}

function withoutEdge(mask: Plane, pixels: readonly number[]): readonly number[] {
  const isSheet = new Float32Array(mask.values.length);
  for (const at of pixels) isSheet[at] = 1;
  const { values } = erode({ ...mask, values: isSheet }, EDGE);
  return pixels.filter((at) => values[at] === 1);
}

function borderOf({ width, height }: Plane): readonly number[] {
  return Array.from({ length: width * height }, (_, at) => at).filter((at) => {
    const x = at % width;
    return x === 0 || x === width - 1 || at < width || at >= width * (height - 1);
  });
}

/** Zeros that cannot be reached from the border become ones. */
function withoutHoles(mask: Plane, border: readonly number[]): Plane {
  const { width, height, values } = mask;
  const isOutside = new Uint8Array(values.length);
  const reached: number[] = [];
  const reach = (at: number): void => {
    if (values[at] !== 0 || isOutside[at] === 1) return;
    isOutside[at] = 1;
    reached.push(at);
  };
  border.forEach(reach);
  // The list grows while it is read.
  for (const at of reached) {
    const x = at % width;
    if (x > 0) reach(at - 1);
    if (x < width - 1) reach(at + 1);
    if (at >= width) reach(at - width);
    if (at < width * (height - 1)) reach(at + width);
  }
  return mapPlane(mask, (_, at) => 1 - (isOutside[at] ?? 0));
}

/** Share that the pixels fill of the smallest rectangle around them. */
function rectangularity(pixels: readonly number[], width: number): number {
  const ends = rowEnds(pixels, width);
  const areas = ANGLES.map((angle) => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of ends) {
      const [across, down] = [x * cos + y * sin, y * cos - x * sin];
      left = Math.min(left, across);
      right = Math.max(right, across);
      top = Math.min(top, down);
      bottom = Math.max(bottom, down);
    }
    return (right - left + 1) * (bottom - top + 1);
  });
  return pixels.length / Math.min(...areas);
}

/** The first and the last pixel of each row: the others are farther out in no direction. */
function rowEnds(pixels: readonly number[], width: number): readonly (readonly [x: number, y: number])[] {
  const rows = new Map<number, { left: number; right: number }>();
  for (const at of pixels) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const { left, right } = rows.get(y) ?? { left: x, right: x };
    rows.set(y, { left: Math.min(left, x), right: Math.max(right, x) });
  }
  return [...rows].flatMap(([y, { left, right }]) => [[left, y] as const, [right, y] as const]);
}

/**
 * The value that parts all values into two groups, each as much alike as can be.
 * @param values 0…1
 * @see Otsu 1979, A threshold selection method from gray-level histograms
 */
function otsu(values: Float32Array): number {
  const counts = new Float64Array(BINS);
  const binOf = (value: number) => Math.min(BINS - 1, Math.max(0, Math.floor(value * BINS)));
  for (const value of values) counts[binOf(value)] = (counts[binOf(value)] ?? 0) + 1;
  const total = counts.reduce((sum, count, bin) => sum + count * bin, 0);
  let best = { between: -1, bin: 0 };
  let [below, sumBelow] = [0, 0];
  for (const [bin, count] of counts.entries()) {
    below += count;
    sumBelow += count * bin;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sumBelow / below - (total - sumBelow) / above) ** 2;
    if (between > best.between) best = { between, bin };
  }
  return (best.bin + 1) / BINS;
}
