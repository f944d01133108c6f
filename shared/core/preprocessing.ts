/** How a bundle wants its pixels: read from `preprocessor_config.json`, never hard-coded. */
export interface Preprocessing {
  /** Length of the shorter side after resizing, in pixels. */
  readonly shortestEdge: number;
  /** Side of the square centre crop, in pixels: the encoder's input is [3, cropSize, cropSize]. */
  readonly cropSize: number;
  readonly resample: 'bicubic' | 'bilinear' | 'lanczos';
  /** Multiplies a byte before normalisation; 1/255 as a rule. */
  readonly rescaleFactor: number;
  /** Per channel, in rescaled units. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}
