import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Preprocessing } from '../../../shared/core/preprocessing.ts';
import { decodeImage } from '../../../shared/io/decode-image.ts';

/** Pictures, and what Pillow with CLIPImageProcessor's arithmetic makes of them; lossless WebP. */
interface GoldenPixels {
  readonly shortestEdge: number;
  readonly cropSize: number;
  readonly resample: Preprocessing['resample'];
  readonly pictures: readonly {
    readonly file: string;
    readonly reference: string;
    readonly tolerance: number;
  }[];
}

const FOLDER = new URL('../../golden/pixels/', import.meta.url);
const LIMITS = { maxImagePixels: 64e6, maxJpegPixels: 256e6, timeoutMs: 60_000 };
const golden = JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8')) as GoldenPixels;

describe('pixels as the Python reference makes them', () => {
  for (const { file, reference, tolerance } of golden.pictures) {
    it(`${file}: mean absolute difference of at most ${tolerance}`, async () => {
      const { shortestEdge, cropSize, resample } = golden;
      const unused = { rescaleFactor: 1, mean: [0, 0, 0], std: [1, 1, 1] } as const;
      const bytes = await readFile(new URL(file, FOLDER));
      const { pixels } = await decodeImage(bytes, { shortestEdge, cropSize, resample, ...unused }, LIMITS);
      const expected = await sharp(await readFile(new URL(reference, FOLDER)))
        .removeAlpha()
        .raw()
        .toBuffer();
      expect(pixels).to.have.lengthOf(expected.length);
      expect(meanAbsoluteDifference(pixels, expected)).to.be.at.most(tolerance);
    });
  }

  it('cover every kind of picture that a tolerance is stated for', () => {
    const files = golden.pictures.map(({ file }) => file).join(' ');
    for (const kind of [
      'grey',
      'palette',
      'progressive',
      'exif-8',
      '1x1',
      'panorama',
      'cmyk',
      'display-p3',
      '16-bit',
    ]) {
      expect(files).to.include(kind);
    }
  });

  it('are told apart from those of a picture that is shifted by two pixels', async () => {
    const bytes = await readFile(new URL('rgb.png', FOLDER));
    const shifted = await sharp(bytes).extend({ left: 4, background: '#808080' }).png().toBuffer();
    const { shortestEdge, cropSize, resample } = golden;
    const preprocessing: Preprocessing = {
      shortestEdge,
      cropSize,
      resample,
      rescaleFactor: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    };
    const right = await decodeImage(bytes, preprocessing, LIMITS);
    const wrong = await decodeImage(shifted, preprocessing, LIMITS);
    expect(meanAbsoluteDifference(right.pixels, wrong.pixels)).to.be.above(1.5);
  });
});

function meanAbsoluteDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? NaN)), 0) / a.length;
}
