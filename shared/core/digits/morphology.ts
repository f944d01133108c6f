import { alongBoth, mapPlane, type LineFilter, type Plane } from './plane.ts';

/**
 * The greatest value within a square of 2 · reach + 1 pixels, cut off at the border.
 * Running maxima from both ends of blocks of the square's side: three comparisons a pixel, however large the reach.
 * @example reach 1 on the row 0, 0, 3, 0, 0: 0, 3, 3, 3, 0
 * @see van Herk 1992, A fast algorithm for local minimum and maximum filters on rectangular and octagonal kernels
 */
export function dilate(plane: Plane, reach: number): Plane {
  return reach < 1 ? plane : alongBoth(plane, (length) => runningMaxima(length, reach));
}

/** The least value within the same square. */
export function erode(plane: Plane, reach: number): Plane {
  const negated = ({ width, height, values }: Plane) => {
    const negative = new Float32Array(values.length);
    for (let at = 0; at < values.length; at++) negative[at] = -(values[at] ?? 0);
    return { width, height, values: negative };
  };
  return negated(dilate(negated(plane), reach));
}

/**
 * How much darker each pixel is than the paper around it, and only where what is dark is narrower than the square: the
 * closing fills strokes and leaves the edges of shadows as they are.
 * @returns values ≥ 0
 * @see Serra 1982, Image Analysis and Mathematical Morphology: the black top-hat transform
 */
export function darkStrokes(plane: Plane, reach: number): Plane {
  const paper = erode(dilate(plane, reach), reach);
  return mapPlane(plane, (value, at) => (paper.values[at] ?? 0) - value);
}

/** Maxima from both ends of each block; a square of the same side touches two blocks at most. */
function runningMaxima(length: number, reach: number): LineFilter {
  const side = 2 * reach + 1;
  const padded = Math.ceil((length + 2 * reach) / side) * side;
  const source = new Float32Array(padded).fill(-Infinity);
  const forward = new Float32Array(padded);
  const backward = new Float32Array(padded);
  return (line, out) => {
    source.set(line, reach);
    for (let at = 0; at < padded; at++) {
      const value = source[at] ?? 0;
      forward[at] = at % side === 0 ? value : Math.max(forward[at - 1] ?? 0, value);
    }
    for (let at = padded - 1; at >= 0; at--) {
      const value = source[at] ?? 0;
      backward[at] = at % side === side - 1 ? value : Math.max(backward[at + 1] ?? 0, value);
    }
    for (let at = 0; at < length; at++) out[at] = Math.max(backward[at] ?? 0, forward[at + side - 1] ?? 0);
  };
}
