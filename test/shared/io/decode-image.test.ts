import { expect } from 'chai';
import sharp, { type Sharp } from 'sharp';
import { AppError } from '../../../shared/core/errors.ts';
import type { Preprocessing } from '../../../shared/core/preprocessing.ts';
import {
  decodeImage,
  pixelsHeld,
  readImageHeader,
  type DecodeLimits,
  type DecodeOptions,
} from '../../../shared/io/decode-image.ts';
import { behindTimers } from '../../fixtures/behind-timers.ts';
import { bmpBytes } from '../sample-bmp.ts';
import { pngBytes } from './sample-png.ts';

const SIDE = 16;
const SMALL: Preprocessing = {
  ...{ shortestEdge: SIDE, cropSize: SIDE, resample: 'bicubic', rescaleFactor: 1 / 255 },
  ...{ mean: [0, 0, 0], std: [1, 1, 1] },
};
const LIMITS: DecodeLimits = { maxImagePixels: 1_000_000, maxJpegPixels: 4_000_000, timeoutMs: 20_000 };
const RED = { r: 255, g: 0, b: 0 };

describe('decodeImage', () => {
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const) {
    it(`decodes ${format}, and says what it was`, async () => {
      const bytes = await plain(40, 30, RED).toFormat(format).toBuffer();
      const { pixels, ...rest } = await decodeImage(bytes, SMALL, LIMITS);
      expect(rest).to.deep.equal({ format, width: 40, height: 30 });
      expect(pixels).to.have.lengthOf(SIDE * SIDE * 3);
      expectColour(pixels, [255, 0, 0], 3);
    });
  }

  it('decodes bmp of every depth', async () => {
    for (const bits of [1, 4, 8, 16, 24, 32]) {
      const { format, pixels } = await decodeImage(bmpBytes({ width: 20, height: 18, bits }), SMALL, LIMITS);
      expect(format).to.equal('bmp');
      expectColour(pixels, [255, 255, 255], 8);
    }
  });

  it('crops the middle of a wide and of a tall picture', async () => {
    const halves = (width: number, height: number, offset: { left?: number; top?: number }) =>
      plain(width, height, { r: 0, g: 0, b: 0 }).composite([
        { input: { create: box(width, height) }, ...anchor(offset) },
      ]);
    const wide = await decodeImage(await halves(320, 160, { left: 160 }).png().toBuffer(), SMALL, LIMITS);
    expect(at(wide.pixels, 2, 8)).to.deep.equal([0, 0, 0]);
    expect(at(wide.pixels, 13, 8)).to.deep.equal([255, 255, 255]);
    const tall = await decodeImage(await halves(160, 320, { top: 160 }).png().toBuffer(), SMALL, LIMITS);
    expect(at(tall.pixels, 8, 2)).to.deep.equal([0, 0, 0]);
    expect(at(tall.pixels, 8, 13)).to.deep.equal([255, 255, 255]);
  });

  it('turns a picture as its EXIF orientation says, and gives the size after that', async () => {
    const bytes = await plain(400, 200, { r: 0, g: 0, b: 0 })
      .composite([{ input: { create: { ...box(400, 100), width: 400 } }, left: 0, top: 100 }])
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer();
    const { width, height, pixels } = await decodeImage(bytes, SMALL, LIMITS);
    expect([width, height]).to.deep.equal([200, 400]);
    expect(at(pixels, 13, 8)[0]).to.be.below(10);
    expect(at(pixels, 2, 8)[0]).to.be.above(245);
  });

  it('lays transparency on white before it resizes: hidden colours do not bleed', async () => {
    const hidden = Buffer.alloc(64 * 64 * 4);
    for (let pixel = 0; pixel < 64 * 64; pixel++)
      hidden.set(pixel % 2 === 0 ? [0, 0, 0, 0] : [255, 255, 255, 255], pixel * 4);
    const bytes = await sharp(hidden, { raw: { width: 64, height: 64, channels: 4 } })
      .png()
      .toBuffer();
    expectColour((await decodeImage(bytes, SMALL, LIMITS)).pixels, [255, 255, 255], 0);
  });

  it('gives grey, 16-bit and palette pictures three channels', async () => {
    const grey = plain(40, 40, { r: 90, g: 90, b: 90 }).toColourspace('b-w');
    const pictures = [
      await grey.clone().png().toBuffer(),
      await grey.clone().jpeg().toBuffer(),
      await grey.clone().toColourspace('grey16').png().toBuffer(),
      await plain(40, 40, { r: 90, g: 90, b: 90 }).png({ palette: true }).toBuffer(),
      await plain(40, 40, { r: 90, g: 90, b: 90 }).toColourspace('rgb16').png().toBuffer(),
    ];
    for (const bytes of pictures)
      expectColour((await decodeImage(bytes, SMALL, LIMITS)).pixels, [90, 90, 90], 1);
  });

  it('brings profiled colours back to sRGB, at 8 bits and at 16', async () => {
    const colour = { r: 200, g: 60, b: 30 };
    const eight = await plain(40, 40, colour).withIccProfile('p3').png().toBuffer();
    const sixteen = await plain(40, 40, colour).toColourspace('rgb16').withIccProfile('p3').png().toBuffer();
    expect((await sharp(sixteen).metadata()).depth).to.equal('ushort');
    for (const bytes of [eight, sixteen]) {
      expectColour((await decodeImage(bytes, SMALL, LIMITS)).pixels, [200, 60, 30], 4);
    }
  });

  it('takes ink with a profile by that, and ink without one by plain arithmetic', async () => {
    const cmyk = plain(40, 40, { r: 200, g: 60, b: 30 }).toColourspace('cmyk');
    const profiled = await cmyk.clone().withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer();
    expectColour((await decodeImage(profiled, SMALL, LIMITS)).pixels, [200, 60, 30], 10);
    const noInk = await plain(40, 40, { r: 255, g: 255, b: 255 })
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await sharp(noInk).metadata()).hasProfile).to.equal(false);
    expectColour((await decodeImage(noInk, SMALL, LIMITS)).pixels, [255, 255, 255], 3);
  });

  it('enlarges a picture that is smaller than the crop, a single row of pixels too', async () => {
    const row = await plain(3000, 1, RED).png().toBuffer();
    const { width, height, pixels } = await decodeImage(row, SMALL, LIMITS);
    expect([width, height]).to.deep.equal([3000, 1]);
    expectColour(pixels, [255, 0, 0], 0);
  });

  it('shows the first of several frames', async () => {
    const frames = await Promise.all(
      [RED, { r: 0, g: 0, b: 255 }].map((colour) => plain(20, 20, colour).png().toBuffer()),
    );
    const bytes = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const { width, height, pixels } = await decodeImage(bytes, SMALL, LIMITS);
    expect([width, height]).to.deep.equal([20, 20]);
    expectColour(pixels, [255, 0, 0], 0);
  });

  it('refuses too many pixels by the header, and names both numbers', async () => {
    const error = await failureOf(pngBytes({ width: 1001, height: 1000 }), LIMITS);
    expect(error.message).to.equal('Expected at most 1000000 pixels for `image` but received 1001 × 1000.');
    expect((await decodeImage(pngBytes({ width: 1000, height: 1000 }), SMALL, LIMITS)).width).to.equal(1000);
  });

  it('lets a JPEG be larger, but not one that stands in memory whole while it is decoded', async () => {
    const large = plain(1500, 1000, RED);
    expect((await decodeImage(await large.clone().jpeg().toBuffer(), SMALL, LIMITS)).width).to.equal(1500);
    const progressive = await large.clone().jpeg({ progressive: true }).toBuffer();
    expect((await failureOf(progressive, LIMITS)).message).to.include('at most 1000000 pixels');
    const ink = await large.clone().toColourspace('cmyk').jpeg().toBuffer();
    expect((await failureOf(ink, LIMITS)).message).to.include('at most 1000000 pixels');
  });

  it('lets an AVIF have half the pixels: it takes the most memory of all', async () => {
    const limits = { ...LIMITS, maxImagePixels: 600 };
    expect((await failureOf(await plain(31, 10, RED).avif().toBuffer(), limits)).message).to.include(
      'at most 300',
    );
    expect((await decodeImage(await plain(30, 10, RED).avif().toBuffer(), SMALL, limits)).width).to.equal(30);
  });

  it('gives up in time, and says so', async () => {
    const bytes = pngBytes({ width: 3000, height: 3000, isInterlaced: true });
    const header = await readImageHeader(bytes, LIMITS.timeoutMs);
    const limits = { ...LIMITS, maxImagePixels: 64_000_000, timeoutMs: 1, header };
    const error = await behindTimers(() => failureOf(bytes, limits));
    expect(error.message).to.include('decoded within 0.001 s').and.include('a png that takes longer');
  });

  it('says that the decoder is free once it really is: after an answer that gave up, later than that', async () => {
    const bytes = pngBytes({ width: 3000, height: 3000, isInterlaced: true });
    const header = await readImageHeader(bytes, LIMITS.timeoutMs);
    let isFree = false;
    let tell = (): void => undefined;
    const freed = new Promise<void>((resolve) => (tell = resolve));
    const onFree = () => {
      isFree = true;
      tell();
    };
    const limits = { ...LIMITS, maxImagePixels: 64_000_000, timeoutMs: 1, header, onFree };
    await behindTimers(() => failureOf(bytes, limits));
    expect(isFree).to.equal(false);
    await freed;
  });

  it('says so after a picture and after a refusal, once', async () => {
    let times = 0;
    const limits = { ...LIMITS, onFree: () => void (times += 1) };
    await decodeImage(await plain(40, 30, RED).png().toBuffer(), SMALL, limits);
    await failureOf(pngBytes({ width: 1001, height: 1000 }), limits);
    await failureOf(Uint8Array.of(0xff, 0xd8, 0xff), limits);
    await new Promise((resolve) => setImmediate(resolve));
    expect(times).to.equal(3);
  });

  it('counts what stands in memory whole for more than what comes in rows', async () => {
    const counted = async (picture: Sharp) =>
      pixelsHeld(await readImageHeader(await picture.toBuffer(), LIMITS.timeoutMs));
    const small = plain(30, 20, RED);
    expect(await counted(small.clone().jpeg())).to.equal(600);
    expect(await counted(small.clone().jpeg({ progressive: true }))).to.equal(1_200);
    expect(await counted(small.clone().avif())).to.equal(1_800);
    expect(await counted(small.clone().webp())).to.equal(1_200);
    const bmp = bmpBytes({ width: 30, height: 20 });
    expect(pixelsHeld(await readImageHeader(bmp, LIMITS.timeoutMs))).to.equal(1_200);
  });

  it('says what is damaged', async () => {
    const bytes = await plain(300, 300, RED).png().toBuffer();
    expect((await failureOf(bytes.subarray(0, 100), LIMITS)).message).to.match(
      /^Expected a png that can be decoded/,
    );
  });
});

async function failureOf(bytes: Uint8Array, limits: DecodeOptions): Promise<AppError> {
  const error: unknown = await decodeImage(bytes, SMALL, limits).catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(AppError).with.property('code', 'undecodable-image');
  return error as AppError;
}

function plain(width: number, height: number, background: { r: number; g: number; b: number }): Sharp {
  return sharp({ create: { width, height, channels: 3, background } });
}

/** A white picture of half the size, to lay over a black one. */
function box(width: number, height: number) {
  const isWide = width >= height;
  return {
    width: isWide ? width / 2 : width,
    height: isWide ? height : height / 2,
    channels: 3,
    background: '#fff',
  } as const;
}

function anchor({ left = 0, top = 0 }: { left?: number; top?: number }): { left: number; top: number } {
  return { left, top };
}

function at(pixels: Uint8Array, x: number, y: number): number[] {
  return [...pixels.subarray((y * SIDE + x) * 3, (y * SIDE + x) * 3 + 3)];
}

function expectColour(pixels: Uint8Array, colour: readonly number[], tolerance: number): void {
  const worst = pixels.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (colour[index % 3] ?? NaN))),
    0,
  );
  expect(worst, `distance from ${colour.join(' ')}`).to.be.at.most(tolerance);
}
