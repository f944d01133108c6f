/** The first frame alone is looked at, but libvips counts them all before it begins: seconds for 600,000 of a pixel each. */
export const MAX_GIF_FRAMES = 10_000;

const EXTENSION = 0x21;
const IMAGE = 0x2c;

/**
 * Whether a GIF has more frames than any animation. After a header of 13 bytes and a colour table come blocks: an
 * extension of two bytes or an image of ten with a colour table and a byte, each followed by sub-blocks of a length and
 * that many bytes, until a length of zero.
 * @see GIF89a specification, appendix B
 */
export function hasTooManyFrames(gif: Uint8Array): boolean {
  let at = 13 + colourTableBytes(gif[10]);
  let frames = 0;
  for (;;) {
    const kind = gif[at];
    if (kind === IMAGE) {
      frames += 1;
      if (frames > MAX_GIF_FRAMES) return true;
      at += 11 + colourTableBytes(gif[at + 9]);
    } else if (kind === EXTENSION) at += 2;
    else return false;
    at = endOfSubBlocks(gif, at);
  }
}

/** Three bytes a colour, where the packed fields say that a table follows. */
function colourTableBytes(packed = 0): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}

function endOfSubBlocks(gif: Uint8Array, start: number): number {
  let at = start;
  for (let length = gif[at]; length !== undefined && length > 0; length = gif[at]) at += 1 + length;
  return at + 1;
}
