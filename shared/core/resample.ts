import type { Preprocessing } from './preprocessing.ts';

/** Which source pixels make one output pixel of an axis, and how much of each; the weights sum to 2²². */
interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

/** One axis of a resize: `taps` of the output pixels that are wanted, over the source pixels `from` up to `to`. */
export interface AxisPlan {
  readonly taps: readonly Taps[];
  readonly from: number;
  readonly to: number;
}

/** Fixed-point bits of a weight: 32 less 8 of a byte and 2 to spare, as Pillow has it. */
const PRECISION_BITS = 22;

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** The filters and how far they reach. `bicubic` is Catmull-Rom, a = −0.5. @see Keys 1981; Pillow, Resample.c */
const FILTERS: Readonly<Record<Preprocessing['resample'], { reach: number; weigh: (x: number) => number }>> =
  {
    bilinear: { reach: 1, weigh: (x) => Math.max(0, 1 - Math.abs(x)) },
    bicubic: { reach: 2, weigh: catmullRom },
    lanczos: { reach: 3, weigh: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
  };

function catmullRom(position: number): number {
  const x = Math.abs(position);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/**
 * Plans one axis as Pillow does: centres at half pixels, the filter widened by the factor when it shrinks, its weights
 * cut off at the border and brought back to a sum of one.
 *
 * @param size   source and output length of the whole axis, in pixels
 * @param window the output pixels that are wanted
 * @example bilinear 2 → 4: output 1 is centred on source 0.25 and takes 3/4 of pixel 0 and 1/4 of pixel 1
 */
export function planAxis(
  size: { readonly source: number; readonly output: number },
  window: { readonly start: number; readonly length: number },
  resample: Preprocessing['resample'],
): AxisPlan {
  const { reach, weigh } = FILTERS[resample];
  const scale = size.source / size.output;
  const widening = Math.max(1, scale);
  const taps = Array.from({ length: window.length }, (_, index): Taps => {
    const center = (window.start + index + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach * widening + 0.5));
    const end = Math.min(size.source, Math.trunc(center + reach * widening + 0.5));
    const raw = Array.from({ length: end - first }, (_, at) => weigh((first + at - center + 0.5) / widening));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return {
      first,
      weights: Int32Array.from(raw, (weight) => Math.round((weight / sum) * 2 ** PRECISION_BITS)),
    };
  });
  return {
    taps,
    from: Math.min(...taps.map(({ first }) => first)),
    to: Math.max(...taps.map(({ first, weights }) => first + weights.length)),
  };
}

/**
 * Resizes uint8 RGB pixels just as Pillow does: rows first, then columns, each rounded to bytes.
 *
 * @param rgb HWC [vertical.to − vertical.from, horizontal.to − horizontal.from, 3]: the part of the picture that the
 *            plans ask for
 * @returns   HWC [vertical.taps, horizontal.taps, 3]
 * @see       Pillow, Resample.c: ImagingResampleHorizontal_8bpc, ImagingResampleVertical_8bpc
 */
export function resampleRgb(rgb: Uint8Array, horizontal: AxisPlan, vertical: AxisPlan): Uint8Array {
  const rows = vertical.to - vertical.from;
  const columns = horizontal.to - horizontal.from;
  const width = horizontal.taps.length;
  const across = resampleAxis(rgb, horizontal, { lines: rows, lineStep: columns * 3, pixelStep: 3 });
  return resampleAxis(across, vertical, { lines: width, lineStep: 3, pixelStep: width * 3 });
}

/**
 * Resizes along one axis and leaves the other. The output has the input's layout: what was `lineStep` apart stays in
 * rows when pixels are neighbours, and in columns when they are a row apart.
 */
function resampleAxis(
  pixels: Uint8Array,
  plan: AxisPlan,
  layout: { lines: number; lineStep: number; pixelStep: number },
): Uint8Array {
  const { lines, lineStep, pixelStep } = layout;
  const isAcross = pixelStep === 3;
  const output = new Uint8Array(lines * plan.taps.length * 3);
  const half = 2 ** (PRECISION_BITS - 1);
  for (const [index, { first, weights }] of plan.taps.entries()) {
    const start = (first - plan.from) * pixelStep;
    for (let line = 0; line < lines; line++) {
      const target = isAcross ? (line * plan.taps.length + index) * 3 : (index * lines + line) * 3;
      for (let channel = 0; channel < 3; channel++) {
        let sum = half;
        let at = line * lineStep + start + channel;
        for (const weight of weights) {
          sum += (pixels[at] ?? 0) * weight;
          at += pixelStep;
        }
        output[target + channel] = Math.min(255, Math.max(0, Math.floor(sum / 2 ** PRECISION_BITS)));
      }
    }
  }
  return output;
}
