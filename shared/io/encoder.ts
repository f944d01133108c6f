import type { Bundle } from '../core/bundle.ts';
import type { RgbPicture } from '../core/digits/read-digit.ts';

/** What the digits network makes of a picture. */
export interface DigitReading {
  /** float32 [10], one logit a digit; zeros where nothing is drawn. */
  readonly logits: Float32Array;
  /** Digits about as large as the one that was read. */
  readonly found: number;
}

/**
 * A bundle's two ONNX encoders behind one interface. Sessions live in a worker thread: `run()` blocks the thread that
 * calls it, and the event loop must stay free.
 */
export interface Encoder {
  readonly bundle: Bundle;
  /**
   * @param pixels one uint8 HWC RGB picture each, [cropSize, cropSize, 3]; encoded as one batch
   * @returns      one L2-normalised float32 embedding each, [embeddingSize]
   */
  encodeImages(pixels: readonly Uint8Array[]): Promise<readonly Float32Array[]>;
  /** @returns one L2-normalised float32 embedding each; texts over the context length are cut, the end token kept. */
  encodeTexts(texts: readonly string[]): Promise<readonly Float32Array[]>;
  /**
   * Reads the largest digit of each picture, in the same thread; no encoder of the bundle runs.
   * @param pictures  whole, longer side DIGITS_SIDE; one run for all
   * @param modelPath the network's ONNX file, loaded when it is first asked for
   */
  readDigits(pictures: readonly RgbPicture[], modelPath: string): Promise<readonly DigitReading[]>;
  /** False while its thread, which died, is being started again. */
  isRunning(): boolean;
  close(): Promise<void>;
}
