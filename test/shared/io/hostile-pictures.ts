import sharp from 'sharp';
import { bmpBytes } from '../sample-bmp.ts';
import { pngBytes } from './sample-png.ts';

export interface HostilePicture {
  readonly name: string;
  readonly bytes: () => Uint8Array | Promise<Uint8Array>;
  /** What must come of it: a picture, or an error of that code. */
  readonly outcome: 'picture' | 'bad-request' | 'unsupported-image' | 'undecodable-image';
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const noise = (side: number) => {
  const pixels = Buffer.alloc(side * side * 3).map((_, at) => (at * 2_654_435_761) >>> 13);
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
};

/** Files that somebody might send to do harm, or without knowing better; made when they are asked for. */
export const HOSTILE_PICTURES: readonly HostilePicture[] = [
  { name: 'nothing at all', outcome: 'bad-request', bytes: () => new Uint8Array(0) },
  { name: 'a blank', outcome: 'unsupported-image', bytes: () => latin1(' \n') },
  {
    name: 'a web page called .jpg',
    outcome: 'unsupported-image',
    bytes: () => latin1('<!DOCTYPE html><title>x</title>'),
  },
  {
    name: 'an SVG that reads a file',
    outcome: 'unsupported-image',
    bytes: () => latin1('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
  },
  {
    name: 'a PDF behind the first bytes of a GIF',
    outcome: 'undecodable-image',
    bytes: () => latin1('GIF89a%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj trailer<</Root 1 0 R>>'),
  },
  {
    name: 'a script that starts like a GIF',
    outcome: 'undecodable-image',
    bytes: () => latin1('GIF89a=1;alert(1)//'),
  },
  {
    name: 'a JPEG with a script behind its end',
    outcome: 'picture',
    bytes: async () =>
      Buffer.concat([await noise(32).jpeg().toBuffer(), latin1('<?php system($_GET[0]); ?>')]),
  },
  {
    name: 'a JPEG cut in the middle',
    outcome: 'undecodable-image',
    bytes: async () => halfOf(await noise(200).jpeg().toBuffer()),
  },
  {
    name: 'a JPEG of three bytes',
    outcome: 'undecodable-image',
    bytes: () => Uint8Array.of(0xff, 0xd8, 0xff),
  },
  { name: 'a JPEG that repeats a scan 1000 times', outcome: 'undecodable-image', bytes: repeatedScans },
  {
    name: 'a PNG of 50 million interlaced pixels',
    outcome: 'picture',
    bytes: () => pngBytes({ width: 10_000, height: 5_000, isInterlaced: true }),
  },
  {
    name: 'a PNG that claims 10 thousand million pixels',
    outcome: 'undecodable-image',
    bytes: () => claimSize(pngBytes({ width: 1, height: 1 }), 100_000, 100_000),
  },
  {
    name: 'a PNG with a wrong sum',
    outcome: 'undecodable-image',
    bytes: () => pngBytes({ width: 300, height: 300, hasWrongSum: true }),
  },
  {
    name: 'a PNG with half its pixels',
    outcome: 'undecodable-image',
    bytes: () => pngBytes({ width: 3000, height: 3000, keptBytes: 2000 }),
  },
  {
    name: 'a PNG of one pixel by a million',
    outcome: 'picture',
    bytes: () => pngBytes({ width: 1_000_000, height: 1 }),
  },
  {
    name: 'a GIF of zero by zero',
    outcome: 'picture',
    bytes: () => latin1('GIF89a\0\0\0\0\0\0\0,\0\0\0\0\0\0\0\0\0\x02\x02D\x01\0;'),
  },
  {
    name: 'a GIF whose first frame is 65535 by 65535',
    outcome: 'undecodable-image',
    bytes: () =>
      latin1('GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;'),
  },
  {
    name: 'a BMP that claims 2³¹ by 2³¹',
    outcome: 'undecodable-image',
    bytes: () => bmpBytes({ width: 2 ** 31 - 1, height: -(2 ** 31) }),
  },
  {
    name: 'a BMP without its pixels',
    outcome: 'undecodable-image',
    bytes: () => bmpBytes({ width: 5000, height: 5000, pixels: new Uint8Array(7) }),
  },
  {
    name: 'a BMP of run lengths',
    outcome: 'unsupported-image',
    bytes: () => bmpBytes({ bits: 8, compression: 1 }),
  },
  { name: 'a TIFF whose directory leads back to itself', outcome: 'undecodable-image', bytes: loopingTiff },
  {
    name: 'a WebP that says it is longer than it is',
    outcome: 'undecodable-image',
    bytes: async () => halfOf(await noise(200).webp().toBuffer()),
  },
  {
    name: 'an AVIF without its pixels',
    outcome: 'undecodable-image',
    bytes: async () => halfOf(await noise(100).avif().toBuffer()),
  },
  {
    name: 'an empty HEIC',
    outcome: 'unsupported-image',
    bytes: () => latin1('\0\0\0\x18ftypheic\0\0\0\0heicmif1'),
  },
];

function halfOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

function claimSize(png: Uint8Array, width: number, height: number): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return png;
}

/** Each scan of a progressive JPEG is a pass over all its pixels: a small file that would keep a decoder busy. */
async function repeatedScans(): Promise<Uint8Array> {
  const jpeg = await noise(400).jpeg({ progressive: true }).toBuffer();
  const lastScan = jpeg.lastIndexOf(latin1('\xff\xda'));
  const scan = jpeg.subarray(lastScan, -2);
  return Buffer.concat([jpeg.subarray(0, -2), ...Array<Buffer>(1000).fill(scan), jpeg.subarray(-2)]);
}

/** One entry, and the offset of the next directory is that of this one. */
function loopingTiff(): Uint8Array {
  return latin1('II*\0\x08\0\0\0\x01\0\0\x01\x03\0\x01\0\0\0\x01\0\0\0\x08\0\0\0');
}
