import { expect } from 'chai';
import sharp from 'sharp';
import { augmentedCopies, shrinkPicture } from '../../../shared/io/shrink-picture.ts';

const LIMITS = { maxImagePixels: 10_000_000, maxJpegPixels: 10_000_000, timeoutMs: 5_000 };

/** Left half black, right half white. */
async function halves(width: number, height: number): Promise<Uint8Array> {
  const white = { create: { width: Math.ceil(width / 2), height, channels: 3 as const, background: '#fff' } };
  const picture = sharp({ create: { width, height, channels: 3, background: '#000' } });
  const right = { input: await sharp(white).png().toBuffer(), left: Math.floor(width / 2), top: 0 };
  return new Uint8Array(await picture.composite([right]).png().toBuffer());
}

async function sizeOf(bytes: Uint8Array): Promise<readonly [number, number]> {
  const { width, height } = await sharp(bytes).metadata();
  return [width, height];
}

async function pixelsOf(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return { at: (x: number, y: number) => data[y * info.width + x] ?? -1, mean, ...info };
}

describe('shrinkPicture', () => {
  it('makes the shorter side 256 pixels, and enlarges nothing', async () => {
    expect(await sizeOf(await shrinkPicture(await halves(800, 600), LIMITS))).to.deep.equal([341, 256]);
    expect(await sizeOf(await shrinkPicture(await halves(600, 800), LIMITS))).to.deep.equal([256, 341]);
    expect(await sizeOf(await shrinkPicture(await halves(90, 60), LIMITS))).to.deep.equal([90, 60]);
  });

  it('cuts panoramas and strips to twice their shorter side', async () => {
    expect(await sizeOf(await shrinkPicture(await halves(3_000, 300), LIMITS))).to.deep.equal([512, 256]);
    expect(await sizeOf(await shrinkPicture(await halves(500, 1), LIMITS))).to.deep.equal([2, 1]);
  });

  it('leaves no metadata, lays transparency on white', async () => {
    const clear = await sharp({ create: { width: 20, height: 20, channels: 4, background: '#0000' } })
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .png()
      .toBuffer();
    const kept = await shrinkPicture(clear, LIMITS);
    const { exif, format } = await sharp(kept).metadata();
    expect([exif, format]).to.deep.equal([undefined, 'jpeg']);
    expect((await pixelsOf(kept)).mean).to.be.greaterThan(250);
  });

  it('refuses what cannot be decoded', async () => {
    const codeOf = (bytes: Uint8Array) =>
      shrinkPicture(bytes, LIMITS).then(
        () => 'none',
        (error: unknown) => (error as { code?: string }).code,
      );
    expect(await codeOf(new TextEncoder().encode('text'))).to.equal('unsupported-image');
    expect(await codeOf((await halves(90, 60)).slice(0, 60))).to.equal('undecodable-image');
    expect(await codeOf(await halves(5_000, 2_001))).to.equal('undecodable-image');
  });
});

describe('augmentedCopies', () => {
  let thumbnail: Uint8Array;
  let copies: readonly Uint8Array[];
  before(async () => {
    thumbnail = await shrinkPicture(await halves(320, 240), LIMITS);
    copies = await augmentedCopies(thumbnail, 'a');
  });

  it('mirrors the first', async () => {
    const [own, mirrored] = [await pixelsOf(thumbnail), await pixelsOf(copies[0] ?? thumbnail)];
    expect(own.at(10, 100)).to.be.lessThan(20);
    expect(mirrored.at(10, 100)).to.be.greaterThan(235);
  });

  it('turns the second, without a corner of the background', async () => {
    const turned = await pixelsOf(copies[1] ?? thumbnail);
    const edges = [0, turned.height - 1].map((y) => [turned.at(0, y), turned.at(turned.width - 1, y)]);
    for (const [left = -1, right = -1] of edges) {
      expect(left).to.be.lessThan(40);
      expect(right).to.be.greaterThan(215);
    }
    const edgeAt = (y: number) =>
      Array.from({ length: turned.width }, (_, x) => turned.at(x, y)).findIndex((v) => v > 127);
    expect(Math.abs(edgeAt(0) - edgeAt(turned.height - 1))).to.be.greaterThan(10);
  });

  it('makes the third lighter or darker, and the fourth a part', async () => {
    const grey = { create: { width: 64, height: 64, channels: 3 as const, background: '#808080' } };
    const flat = await shrinkPicture(new Uint8Array(await sharp(grey).png().toBuffer()), LIMITS);
    const [, , brightness = flat] = await augmentedCopies(flat, 'a');
    expect(Math.abs((await pixelsOf(brightness)).mean - 128)).to.be.within(12, 60);
    const [width, height] = await sizeOf(copies[3] ?? thumbnail);
    const [full] = await sizeOf(thumbnail);
    expect(width / full).to.be.within(0.69, 0.91);
    expect(width / height).to.be.closeTo(4 / 3, 0.02);
  });

  it('is decided by the seed', async () => {
    expect(await augmentedCopies(thumbnail, 'a')).to.deep.equal(copies);
    expect((await augmentedCopies(thumbnail, 'b'))[3]).to.not.deep.equal(copies[3]);
  });

  it('copies a picture of one pixel too', async () => {
    const dot = await shrinkPicture(await halves(1, 1), LIMITS);
    for (const copy of await augmentedCopies(dot, 'a')) expect(await sizeOf(copy)).to.deep.equal([1, 1]);
  });
});
