/**
 * What shrinking JPEGs while they load gains, and what it costs in likeness: time, peak memory and mean absolute
 * difference to Pillow's arithmetic on the whole picture, for 12 and 48 megapixels.
 *
 * `npx tsx scripts/bench/shrink-on-load.ts`, two minutes, on Linux. Each variant runs in a process of its own, for its peak.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { cropGeometry } from '../../shared/core/crop-geometry.ts';
import { planAxis, resampleRgb } from '../../shared/core/resample.ts';

const CLIP = { shortestEdge: 224, cropSize: 224 };
const ROUNDS = 5;

/** How far the decoder may shrink, by what is left for the filter: nothing of it, two and more, one and more. */
const VARIANTS = ['whole', 'to twice the target', 'as far as it goes'] as const;
type Variant = (typeof VARIANTS)[number];

interface Measured {
  readonly ms: number;
  readonly peakMiB: number;
  /** Base64 of the crop. */
  readonly pixels: string;
}

const [file, variant] = process.argv.slice(2);
if (file === undefined) await measureAll();
else process.stdout.write(JSON.stringify(await measure(file, variant as Variant)));

async function measureAll(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'shrink-on-load-'));
  console.log('picture                variant                median ms   peak MiB   difference / 255');
  for (const [width, height] of [
    [4000, 3000],
    [8000, 6000],
  ] as const) {
    for (const progressive of [false, true]) {
      const path = join(folder, 'picture.jpg');
      await writeFile(path, await scene(width, height).jpeg({ quality: 90, progressive }).toBuffer());
      const expected = await reference(path);
      for (const name of VARIANTS) {
        const { ms, peakMiB, pixels } = runAlone(path, name);
        const difference = meanAbsoluteDifference(Buffer.from(pixels, 'base64'), expected).toFixed(3);
        const kind = `${(width * height) / 1e6} MP ${progressive ? 'progressive' : 'baseline'}`;
        console.log(
          kind.padEnd(22),
          name.padEnd(22),
          ms.toFixed(0).padStart(9),
          peakMiB.toFixed(0).padStart(10),
          difference.padStart(11),
        );
      }
    }
  }
  await measureLargest(join(folder, 'picture.jpg'));
  await rm(folder, { recursive: true });
}

/** As the largest phone cameras make them: grain alone, since the whole picture would not fit beside its reference. */
async function measureLargest(path: string): Promise<void> {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const create = { width: 16_320, height: 12_240, channels: 3, background: '#000', noise } as const;
  await sharp({ create, limitInputPixels: false }).jpeg({ quality: 90 }).toFile(path);
  const { ms, peakMiB } = runAlone(path, 'to twice the target');
  console.log(`200 MP baseline, to twice the target: ${ms.toFixed(0)} ms, peak ${peakMiB.toFixed(0)} MiB`);
}

function runAlone(path: string, name: Variant): Measured {
  const script = fileURLToPath(import.meta.url);
  const output = execFileSync(process.execPath, ['--import', 'tsx', script, path, name], {
    maxBuffer: 2 ** 24,
  });
  return JSON.parse(output.toString()) as Measured;
}

async function measure(path: string, name: Variant): Promise<Measured> {
  sharp.cache(false);
  const bytes = await readFile(path);
  const times: number[] = [];
  let pixels: Buffer = Buffer.alloc(0);
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    pixels = await crop(bytes, name);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { ms: times[ROUNDS >> 1] ?? NaN, peakMiB: await peakOfProcess(), pixels: pixels.toString('base64') };
}

/** Linux's own high-water mark: that of `resourceUsage()` begins with what the parent had. */
async function peakOfProcess(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

async function crop(bytes: Buffer, name: Variant): Promise<Buffer> {
  const { width: sourceWidth, height: sourceHeight } = await sharp(bytes).metadata();
  const { width, height, left, top } = cropGeometry({ width: sourceWidth, height: sourceHeight }, CLIP);
  const opened = sharp(bytes, { sequentialRead: true });
  // A cut of the whole picture changes nothing but that libvips no longer shrinks on load.
  const picture =
    name === 'whole' ? opened.extract({ left: 0, top: 0, width: sourceWidth, height: sourceHeight }) : opened;
  return picture
    .resize(width, height, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: name === 'as far as it goes' })
    .extract({ left, top, width: CLIP.cropSize, height: CLIP.cropSize })
    .raw()
    .toBuffer();
}

/** The whole picture, resized in core, which is Pillow to the bit. */
async function reference(path: string): Promise<Uint8Array> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const { width, height, left, top } = cropGeometry(info, CLIP);
  const across = planAxis(
    { source: info.width, output: width },
    { start: left, length: CLIP.cropSize },
    'bicubic',
  );
  const down = planAxis(
    { source: info.height, output: height },
    { start: top, length: CLIP.cropSize },
    'bicubic',
  );
  const columns = across.to - across.from;
  const rows = new Uint8Array(columns * info.height * 3);
  for (let y = 0; y < info.height; y++) {
    const start = (y * info.width + across.from) * 3;
    rows.set(data.subarray(start, start + columns * 3), y * columns * 3);
  }
  return resampleRgb(rows, across, down);
}

/** Shapes of every size with grain on them: edges for the filter, noise as a camera has it. */
function scene(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grain = ((x * 73_856_093) ^ (y * 19_349_663)) & 15;
      const wave = Math.sin(((x * x + y * y) / (width * 40)) % 6.283) * 60;
      const tile = ((x >> 7) ^ (y >> 6)) & 1 ? 50 : 0;
      pixels.fill(100 + wave + tile + grain, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

function meanAbsoluteDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? NaN)), 0) / a.length;
}
