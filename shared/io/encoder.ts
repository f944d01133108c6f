import type { Bundle } from '../core/bundle.ts';

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
  close(): Promise<void>;
}
