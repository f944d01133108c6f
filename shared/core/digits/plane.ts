/** One number a pixel, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** [height × width], row-major. */
  readonly values: Float32Array;
}

/** Half-open in pixels: `right` and `bottom` are one past the last. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const BINS = 512;

/** A plane of the same size, each value made from the one there and its position. */
export function mapPlane(
  { width, height, values }: Plane,
  make: (value: number, at: number) => number,
): Plane {
  const made = new Float32Array(values.length);
  for (let at = 0; at < made.length; at++) made[at] = make(values[at] ?? 0, at);
  return { width, height, values: made };
}

/**
 * Means over a square of 2 · reach + 1 pixels, cut off at the border; in the time of two passes, however large the reach.
 * @example reach 1 on the row 0, 0, 3: 0, 1, 1.5
 */
export function boxBlur(plane: Plane, reach: number): Plane {
  return alongBoth(plane, (length) => {
    const sums = new Float64Array(length + 1);
    return (line, out) => {
      for (let at = 0; at < length; at++) sums[at + 1] = (sums[at] ?? 0) + (line[at] ?? 0);
      for (let at = 0; at < length; at++) {
        const from = Math.max(0, at - reach);
        const to = Math.min(length, at + reach + 1);
        out[at] = ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
      }
    };
  });
}

/**
 * The value that a share of all values does not exceed, to a 512th of the greatest.
 * @param values ≥ 0
 * @example quantile(Float32Array.of(0, 0, 0, 8), 0.5) // 0
 */
export function quantile(values: Float32Array, share: number): number {
  let greatest = 0;
  for (const value of values) if (value > greatest) greatest = value;
  if (greatest === 0) return 0;
  const counts = new Uint32Array(BINS + 1);
  for (const value of values) {
    const bin = Math.floor((Math.max(0, value) / greatest) * BINS);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  let seen = 0;
  const bin = counts.findIndex((count) => (seen += count) > share * values.length);
  return (Math.max(0, bin) / BINS) * greatest;
}

/** Fills `out` from `line`; both have the length that it was made for. */
export type LineFilter = (line: Float32Array, out: Float32Array) => void;

/** Filters every row, then every column of what came out. @param make a filter for lines of this length */
export function alongBoth({ width, height, values }: Plane, make: (length: number) => LineFilter): Plane {
  const filtered = new Float32Array(values.length);
  const filterRow = make(width);
  for (let start = 0; start < values.length; start += width) {
    filterRow(values.subarray(start, start + width), filtered.subarray(start, start + width));
  }
  const filterColumn = make(height);
  const column = new Float32Array(height);
  const out = new Float32Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) column[y] = filtered[y * width + x] ?? 0;
    filterColumn(column, out);
    for (let y = 0; y < height; y++) filtered[y * width + x] = out[y] ?? 0;
  }
  return { width, height, values: filtered };
}
