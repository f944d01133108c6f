import type { Preprocessing } from './preprocessing.ts';

export interface CropGeometry {
  /** Size of the whole picture after resizing, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Where the square crop starts in it. */
  readonly left: number;
  readonly top: number;
}

/**
 * Where a picture ends up: its shorter side becomes `shortestEdge`, the longer one keeps the proportion, rounded down,
 * and the crop is cut out of the middle, half a pixel to the upper left where it cannot be even.
 *
 * @param size in pixels, after orientation
 * @example 640 × 480 for edge 224 and crop 224: 298 × 224 (298.67 rounded down), crop at left 37, top 0
 * @see transformers: get_resize_output_image_size, center_crop
 */
export function cropGeometry(
  size: { readonly width: number; readonly height: number },
  { shortestEdge, cropSize }: Pick<Preprocessing, 'shortestEdge' | 'cropSize'>,
): CropGeometry {
  const shorter = Math.min(size.width, size.height);
  const width = Math.floor((shortestEdge * size.width) / shorter);
  const height = Math.floor((shortestEdge * size.height) / shorter);
  return {
    width,
    height,
    left: Math.floor((width - cropSize) / 2),
    top: Math.floor((height - cropSize) / 2),
  };
}
