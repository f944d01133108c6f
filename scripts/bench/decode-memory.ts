/**
 * What the largest picture that is let in takes of memory, format by format: the greatest resident memory of a `clip` that
 * was warm, after one such picture and after eight at once, beside the container's limit in stack.yml.
 *
 * `npx tsx scripts/bench/decode-memory.ts [FORMAT …]`, five minutes, on Linux. Each row is a process of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { buildClip, ClipProcess } from './clip-process.ts';

const LIMIT_MIB = 1024;
const AT_ONCE = 8;
const MIB = 2 ** 20;

/** The largest that the settings' defaults let in, encoded as small as it goes. */
const LARGEST: Readonly<Record<string, (seed: number) => Promise<Buffer>>> = {
  jpeg: (seed) => slope(16_000, seed).jpeg({ quality: 60 }).toBuffer(),
  'jpeg, progressive': (seed) => slope(8_000, seed).jpeg({ quality: 60, progressive: true }).toBuffer(),
  png: (seed) => slope(8_000, seed).png({ compressionLevel: 9 }).toBuffer(),
  'png, interlaced': (seed) => slope(8_000, seed).png({ progressive: true }).toBuffer(),
  'png, 16 bits, interlaced': (seed) =>
    slope(8_000, seed).toColourspace('rgb16').ensureAlpha().png({ progressive: true }).toBuffer(),
  webp: (seed) => slope(8_000, seed).webp({ quality: 50, effort: 0 }).toBuffer(),
  gif: (seed) => slope(8_000, seed).gif({ effort: 1, colours: 2, dither: 0 }).toBuffer(),
  tiff: (seed) => slope(8_000, seed).tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer(),
  'avif, transparent': (seed) =>
    slope(5_656, seed).ensureAlpha(0.5).avif({ quality: 30, effort: 0 }).toBuffer(),
  'bmp, 1 bit': (seed) => Promise.resolve(stripedBmp(8_000, seed)),
};

const wanted = process.argv.slice(2);
await measureAll(Object.entries(LARGEST).filter(([name]) => wanted.length === 0 || wanted.includes(name)));

async function measureAll(formats: readonly (readonly [string, (seed: number) => Promise<Buffer>])[]) {
  const folder = await mkdtemp(join('dist', 'decode-memory-'));
  const script = await buildClip(join(folder, 'clip'));
  console.log(
    `| largest picture | MB | warm, MiB | one, MiB | ${AT_ONCE} at once, MiB | of ${LIMIT_MIB} MiB | answers |`,
  );
  console.log('|---|---|---|---|---|---|---|');
  for (const [name, make] of formats) {
    const pictures = [];
    for (let seed = 0; seed <= AT_ONCE; seed++) pictures.push(await make(seed));
    const [first = Buffer.alloc(0), ...rest] = pictures;
    const clip = await ClipProcess.start({ modelsDir: 'models', model: 'mini-clip', script });
    try {
      await clip.firstAnswer(await slope(600, 99).jpeg().toBuffer());
      const warm = await clip.memory();
      const { status } = await clip.post(first);
      const one = await clip.memory();
      const answers = await Promise.all(rest.map((picture) => clip.post(picture)));
      const all = await clip.memory();
      const statuses = [status, ...answers.map((answer) => answer.status).sort()].join(' ');
      const mib = (bytes: number) => (bytes / MIB).toFixed(0);
      const share = `${((all.greatest / MIB / LIMIT_MIB) * 100).toFixed(0)} %`;
      const size = (first.length / 1e6).toFixed(1);
      console.log(
        `| ${name} | ${size} | ${mib(warm.now)} | ${mib(one.greatest)} | ${mib(all.greatest)} | ${share} | ${statuses} |`,
      );
    } finally {
      await clip.stop();
    }
  }
  await rm(folder, { recursive: true });
}

/** Black and white stripes, a bit for each pixel: the smallest that jimp makes four bytes of each of. */
function stripedBmp(side: number, seed: number): Buffer {
  const header = Buffer.alloc(62);
  const rows = Buffer.alloc((side * side) / 8, seed + 1);
  header.write('BM');
  header.writeUInt32LE(header.length + rows.length, 2);
  for (const [value, at] of [
    [header.length, 10],
    [40, 14],
    [side, 18],
    [side, 22],
    [0x1_0001, 26],
  ] as const) {
    header.writeUInt32LE(value, at);
  }
  header.writeUInt32LE(0xff_ff_ff, 58);
  return Buffer.concat([header, rows]);
}

/** A square with a slope of colour that differs from seed to seed: pictures of few bytes, none of them cached. */
function slope(side: number, seed: number): Sharp {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><linearGradient id="g">
    <stop stop-color="hsl(${seed * 37} 80% 40%)"/><stop offset="1" stop-color="hsl(${seed * 61 + 90} 70% 60%)"/>
    </linearGradient><rect width="64" height="64" fill="url(#g)"/></svg>`;
  return sharp(Buffer.from(svg), { limitInputPixels: false })
    .resize(side, side, { kernel: 'nearest' })
    .removeAlpha();
}
