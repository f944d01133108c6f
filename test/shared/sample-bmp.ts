export interface BmpOptions {
  readonly width?: number;
  readonly height?: number;
  readonly bits?: number;
  readonly compression?: number;
  readonly headerBytes?: number;
  /** Bytes between colour table and pixels. */
  readonly gap?: number;
  /** Bytes of the pixel rows; a white picture of the claimed size, at most 64 KiB, where absent. */
  readonly pixels?: Uint8Array;
}

/** A BMP with a header as asked for; its colour table runs from black to white. */
export function bmpBytes(options: BmpOptions): Uint8Array {
  const { width = 3, height = 2, bits = 24, compression = 0, headerBytes = 40, gap = 0 } = options;
  const rowBytes = Math.ceil((Math.abs(width) * bits) / 32) * 4;
  const pixels = options.pixels ?? new Uint8Array(Math.min(65_536, rowBytes * Math.abs(height))).fill(255);
  const colours = bits <= 8 ? 2 ** bits : 0;
  const masks = compression === 3 && headerBytes === 40 ? 12 : 0;
  const pixelsAt = 14 + headerBytes + masks + 4 * colours + gap;
  const bytes = new Uint8Array(pixelsAt + pixels.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, pixelsAt, true);
  view.setUint32(14, headerBytes, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  for (let index = 0; index < colours; index++) {
    const grey = Math.round((index * 255) / (colours - 1));
    bytes.set([grey, grey, grey, 0], 14 + headerBytes + masks + 4 * index);
  }
  bytes.set(pixels, pixelsAt);
  return bytes;
}
