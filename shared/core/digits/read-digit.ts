import { frameDigit, FRAME_SIDE } from './digit-frame.ts';
import { findDigits } from './find-digits.ts';
import { findInk, type RgbPicture } from './ink.ts';

/** Longer side that a picture is brought to before a digit is looked for: one that is an eighth of it is 20 pixels high. */
export const DIGITS_SIDE = 160;

/** Raised whenever the same bytes would give another frame. */
export const DIGITS_PREPROCESSING_VERSION = 3;

/** A picture made ready for the network. */
export interface FramedDigit {
  /** float32 [28 × 28], ink 1 and paper 0: the largest digit, as MNIST has its own. Undefined where nothing is drawn. */
  readonly frame: Float32Array | undefined;
  /** Digits, or other signs, about as large as the largest. */
  readonly found: number;
}

/**
 * The largest sign of a picture, dark on light or light on dark, of any colour and under uneven light.
 * @example a photo of a 7 on lined paper: found 1, the 7's strokes 20 pixels high in a frame of 28
 */
export function readDigit(picture: RgbPicture): FramedDigit {
  const ink = findInk(picture);
  const { largest, count } = findDigits(ink);
  return { frame: largest && frameDigit(ink, largest), found: count };
}

export { FRAME_SIDE, type RgbPicture };
