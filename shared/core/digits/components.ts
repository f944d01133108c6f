import type { Box, Plane } from './plane.ts';

/** Marks that hang together. */
export interface Component {
  /** Positions of its pixels in the plane, row by row from 0. */
  readonly pixels: readonly number[];
  readonly box: Box;
}

export interface MarkThresholds {
  /** A component has a pixel of at least this. */
  readonly strong: number;
  /** It spreads over neighbours, the eight around a pixel, of at least this. */
  readonly weak: number;
}

/**
 * Connected marks: from each strong pixel over the weak ones, so that a stroke that fades is not torn and grain is not
 * taken up.
 * @returns in the order of their first strong pixel
 * @see Canny 1986, §VI: thresholding with hysteresis
 */
export function findComponents(marks: Plane, { strong, weak }: MarkThresholds): readonly Component[] {
  const isTaken = new Uint8Array(marks.values.length);
  const components: Component[] = [];
  for (let start = 0; start < marks.values.length; start++) {
    if (isTaken[start] === 1 || (marks.values[start] ?? 0) < strong) continue;
    const pixels = spread(marks, start, { weak, isTaken });
    components.push({ pixels, box: boxOf(pixels, marks.width) });
  }
  return components;
}

/** The box around several. */
export function unite(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function spread(
  { width, height, values }: Plane,
  start: number,
  { weak, isTaken }: { weak: number; isTaken: Uint8Array },
): readonly number[] {
  const pixels = [start];
  isTaken[start] = 1;
  // The list grows while it is read, until no pixel of it has a neighbour left.
  for (const at of pixels) {
    const x = at % width;
    const y = Math.floor(at / width);
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        const neighbour = row * width + column;
        if (isTaken[neighbour] === 1 || (values[neighbour] ?? 0) < weak) continue;
        isTaken[neighbour] = 1;
        pixels.push(neighbour);
      }
    }
  }
  return pixels;
}

function boxOf(pixels: readonly number[], width: number): Box {
  let left = Infinity;
  let top = Infinity;
  let right = 0;
  let bottom = 0;
  for (const at of pixels) {
    const x = at % width;
    const y = Math.floor(at / width);
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  }
  return { left, top, right, bottom };
}
