import { crc32, deflateSync } from 'node:zlib';

/** Where Adam7's seven passes start and how far they step: [x, y, step x, step y]. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export interface PngOptions {
  readonly width: number;
  readonly height: number;
  readonly isInterlaced?: boolean;
  /** Adds one to the sum of the pixel data. */
  readonly hasWrongSum?: boolean;
  /** How many bytes of the compressed pixels are written. */
  readonly keptBytes?: number;
}

/** A black PNG, eight bits grey: a few bytes for millions of pixels. */
export function pngBytes(options: PngOptions): Uint8Array {
  const { width, height, isInterlaced = false, hasWrongSum = false, keptBytes } = options;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, isInterlaced ? 1 : 0], 8);
  const raw = isInterlaced ? interlacedBytes(width, height) : height * (width + 1);
  const data = deflateSync(Buffer.alloc(raw)).subarray(0, keptBytes);
  const pixels = chunk('IDAT', data);
  if (hasWrongSum)
    pixels.writeUInt32BE((pixels.readUInt32BE(pixels.length - 4) + 1) >>> 0, pixels.length - 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    pixels,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function interlacedBytes(width: number, height: number): number {
  return ADAM7.reduce((sum, [x, y, stepX, stepY]) => {
    const columns = Math.ceil((width - x) / stepX);
    return columns === 0 ? sum : sum + Math.ceil((height - y) / stepY) * (columns + 1);
  }, 0);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
