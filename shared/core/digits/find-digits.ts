import { findComponents, unite, type Component } from './components.ts';
import { isDrawnOn, type InkMap } from './ink.ts';
import type { Box } from './plane.ts';

/** One written sign: all of its strokes. */
export interface WrittenSign {
  readonly pixels: readonly number[];
  readonly box: Box;
}

export interface WrittenSigns {
  /** The one with the most ink; undefined where nothing is drawn. */
  readonly largest: WrittenSign | undefined;
  /** How many are about as large as the largest, itself included. */
  readonly count: number;
}

/** Of the ink's full strength. */
const THRESHOLDS = { strong: 0.5, weak: 0.28 };
/** Of the largest sign's ink: what has less is a speck, a comma, a crease. */
const SPECK = 0.02;
/** Share of a stroke's pixels that the border takes of a digit it cuts; the corner of a shadow lies along it. */
const MOST_AT_BORDER = 0.08;
/** Of the largest sign's height: what is lower is no digit beside it. */
const COUNTED_HEIGHT = 0.5;

/** Finds what is written in a picture, and the largest of it. */
export function findDigits(ink: InkMap): WrittenSigns {
  const strokes = isDrawnOn(ink) ? withoutSpecks(withoutMargin(findComponents(ink, THRESHOLDS), ink)) : [];
  const signs = join(strokes);
  const [largest] = signs;
  if (largest === undefined) return { largest: undefined, count: 0 };
  const height = heightOf(largest.box);
  return { largest, count: signs.filter(({ box }) => heightOf(box) >= COUNTED_HEIGHT * height).length };
}

/**
 * What lies along the picture's border is the table, a finger, the corner of a shadow. What only touches it may be a digit
 * that was cut out closely, and counts where there is nothing else, or hardly anything.
 */
function withoutMargin(
  strokes: readonly Component[],
  { width, height, isOnSheet }: InkMap,
): readonly Component[] {
  const isAtBorder = (at: number) => {
    const x = at % width;
    return x === 0 || x === width - 1 || at < width || at >= width * (height - 1);
  };
  const atBorder = ({ pixels }: Component) => pixels.filter(isAtBorder).length / pixels.length;
  const touching = strokes.filter((stroke) => atBorder(stroke) <= MOST_AT_BORDER);
  const whole = touching.filter((stroke) => atBorder(stroke) === 0);
  return isOnSheet || inkOf(whole) >= inkOf(touching) * 0.1 ? whole : touching;
}

function withoutSpecks(strokes: readonly Component[]): readonly Component[] {
  const least = Math.max(6, inkOf(strokes) * SPECK);
  return strokes.filter(({ pixels }) => pixels.length >= least);
}

/** Pixels of the one that has most. */
function inkOf(strokes: readonly Component[]): number {
  return strokes.reduce((most, { pixels }) => Math.max(most, pixels.length), 0);
}

/** Strokes that make one sign together, such as the bar of a 5. @returns the sign with the most ink first */
function join(strokes: readonly Component[]): readonly WrittenSign[] {
  const signs: WrittenSign[] = [];
  for (const stroke of [...strokes].sort((a, b) => b.pixels.length - a.pixels.length)) {
    const home = signs.findIndex((sign) => belongs(stroke.box, sign.box));
    const sign = signs[home];
    if (sign === undefined) signs.push(stroke);
    else {
      signs[home] = { pixels: [...sign.pixels, ...stroke.pixels], box: unite(sign.box, stroke.box) };
    }
  }
  return signs.sort((a, b) => b.pixels.length - a.pixels.length);
}

/**
 * A stroke goes with a larger one that it lies above, below or within; what stands beside it is a digit of its own,
 * unless the two nearly touch and it is low.
 */
function belongs(stroke: Box, sign: Box): boolean {
  const height = heightOf(sign);
  const gapAcross = Math.max(sign.left - stroke.right, stroke.left - sign.right);
  const gapDown = Math.max(sign.top - stroke.bottom, stroke.top - sign.bottom);
  const isLow = heightOf(stroke) < COUNTED_HEIGHT * height;
  const overlap = -gapAcross / (stroke.right - stroke.left);
  if (overlap >= 0.3) return gapDown <= (isLow ? 0.25 : 0.1) * height;
  return isLow && gapAcross <= 0.12 * height && gapDown <= 0.12 * height;
}

function heightOf({ top, bottom }: Box): number {
  return bottom - top;
}
