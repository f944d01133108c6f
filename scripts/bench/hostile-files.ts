import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import sharp from 'sharp';

export interface HostileFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Files over the upload limit are refused by their size: no test of the decoder. */
const MAX_BYTES = 10 * 2 ** 20;

/** Hostile pictures of our own: each costs a decoder much, or lies to it. */
export async function drawHostileFiles(): Promise<readonly HostileFile[]> {
  const flat = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#345678' }, limitInputPixels: false });
  const photo = await flat(640, 480).jpeg().toBuffer();
  const png = await flat(640, 480).png().toBuffer();
  const huge = Uint8Array.from(png);
  huge.set([0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff], 16);
  const frames = Array.from({ length: 60 }, (_, at) => Buffer.alloc(200 * 200 * 3, at * 4));
  return [
    {
      name: '50 megapixels, interlaced PNG',
      bytes: await flat(8000, 6250).png({ progressive: true }).toBuffer(),
    },
    {
      name: '200 megapixels, PNG',
      bytes: await flat(16_000, 12_500).png({ compressionLevel: 9 }).toBuffer(),
    },
    {
      name: '60 megapixels, progressive JPEG',
      bytes: await flat(10_000, 6000).jpeg({ progressive: true }).toBuffer(),
    },
    { name: '190 megapixels, JPEG', bytes: await flat(16_000, 12_000).jpeg().toBuffer() },
    { name: '1 × 60,000 pixels', bytes: await flat(1, 60_000).png().toBuffer() },
    { name: '60 frames, GIF', bytes: await animation(frames, 200) },
    { name: 'PNG that says 2³¹ pixels a side', bytes: huge },
    { name: 'JPEG cut in the middle', bytes: photo.subarray(0, photo.length >> 1) },
    { name: 'JPEG of its start alone', bytes: photo.subarray(0, 20) },
    {
      name: 'PNG with its middle turned over',
      bytes: png.map((byte, at) => (at > 60 && at < 90 ? byte ^ 0xff : byte)),
    },
    { name: 'GIF of nothing', bytes: new TextEncoder().encode('GIF89a') },
    { name: 'text', bytes: new TextEncoder().encode('what is in this picture?'.repeat(100)) },
    { name: 'SVG', bytes: new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>') },
    {
      name: '1 MB of zeros behind a JPEG start',
      bytes: Uint8Array.from([0xff, 0xd8, 0xff, ...new Uint8Array(2 ** 20)]),
    },
  ];
}

/** All files of a folder and its subfolders, tables and notes aside. */
export async function readHostileFiles(directory: string): Promise<readonly HostileFile[]> {
  const names = await readdir(directory, { recursive: true }).catch((): string[] => []);
  const files: HostileFile[] = [];
  for (const name of names.sort()) {
    const path = join(directory, name);
    const found = await stat(path);
    if (!found.isFile() || found.size > MAX_BYTES || found.size === 0 || name.endsWith('SOURCES.md'))
      continue;
    files.push({ name: relative(directory, path), bytes: await readFile(path) });
  }
  return files;
}

async function animation(frames: readonly Buffer[], side: number): Promise<Buffer> {
  const whole = Buffer.concat(frames);
  const raw = { width: side, height: side * frames.length, channels: 3, pageHeight: side } as const;
  return sharp(whole, { raw }).gif().toBuffer();
}
