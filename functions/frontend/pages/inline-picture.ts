/** Above this the page would take long to arrive; the answer is what matters. */
const MAX_INLINE_BYTES = 2 * 2 ** 20;

/** What browsers show. TIFF is not among it. */
const SHOWN = ['jpeg', 'png', 'webp', 'gif', 'avif', 'bmp'];

/**
 * A picture as part of the page itself: it is not kept, so there is no address to show it from.
 * @param format as `clip` told it from the signature
 * @returns a `data:` URL, or undefined where the picture is too large or of a kind that browsers do not show
 */
export function inlinePicture(picture: Uint8Array, format: string): string | undefined {
  if (picture.byteLength > MAX_INLINE_BYTES || !SHOWN.includes(format)) return undefined;
  return `data:image/${format};base64,${Buffer.from(picture).toString('base64')}`;
}
