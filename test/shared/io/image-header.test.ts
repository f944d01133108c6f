import { expect } from 'chai';
import sharp, { type Sharp } from 'sharp';
import { AppError } from '../../../shared/core/errors.ts';
import { readImageHeader } from '../../../shared/io/image-header.ts';
import { behindTimers } from '../../fixtures/behind-timers.ts';
import { bmpBytes } from '../sample-bmp.ts';
import { pngBytes } from './sample-png.ts';

const picture = () => sharp({ create: { width: 30, height: 20, channels: 3, background: 'teal' } });
const readHeader = (bytes: Uint8Array, timeoutMs = 5_000) => readImageHeader(bytes, timeoutMs);

const PLAIN = { isProgressive: false, isPlainCmyk: false, isDeepWithProfile: false };

describe('readImageHeader', () => {
  it('gives format and size of every format, without the file being whole', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const bytes = await picture().toFormat(format).toBuffer();
      expect(await readHeader(bytes)).to.deep.equal({ format, width: 30, height: 20, ...PLAIN });
    }
    const bmp = bmpBytes({ width: 30, height: -20 }).subarray(0, 60);
    expect(await readHeader(bmp)).to.deep.equal({ format: 'bmp', width: 30, height: 20, ...PLAIN });
  });

  it('turns the size as EXIF says', async () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const { width, height } = await readHeader(
        await picture().withMetadata({ orientation }).jpeg().toBuffer(),
      );
      expect([width, height]).to.deep.equal(orientation < 5 ? [30, 20] : [20, 30]);
    }
  });

  it('gives sizes over every limit: who counts pixels refuses them', async () => {
    const { width, height } = await readHeader(pngBytes({ width: 90_000, height: 3 }));
    expect(width * height).to.equal(270_000);
  });

  it('knows what costs memory or needs a colour space of its own', async () => {
    const header = async (made: Sharp) => readHeader(await made.toBuffer());
    expect(await header(picture().jpeg({ progressive: true }))).to.include({ isProgressive: true });
    expect(await header(picture().toColourspace('cmyk').jpeg())).to.include({ isPlainCmyk: true });
    expect(await header(picture().toColourspace('cmyk').withIccProfile('cmyk').jpeg())).to.include(PLAIN);
    const deep = picture().toColourspace('rgb16');
    expect(await header(deep.clone().png())).to.include(PLAIN);
    expect(await header(deep.clone().withIccProfile('p3').png())).to.include({ isDeepWithProfile: true });
  });

  it('refuses a PNG of so many texts that reading them takes seconds', async () => {
    const png = await picture().png().toBuffer();
    const text = Buffer.from('\0\0\0\x01tEXta\0\0\0\0', 'latin1');
    const many = Buffer.concat([png.subarray(0, 33), ...Array<Buffer>(1_001).fill(text), png.subarray(33)]);
    const error: unknown = await readHeader(many).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(AppError).with.property('code', 'undecodable-image');
    expect(error).to.have.property('message').that.contains('very many texts');
  });

  it('refuses a GIF of so many frames that counting them takes seconds', async () => {
    const gif = await picture().gif().toBuffer();
    const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
    const many = Buffer.concat([gif.subarray(0, -1), ...Array<Buffer>(10_001).fill(frame), Buffer.from(';')]);
    const error: unknown = await readHeader(many).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(AppError).with.property('code', 'undecodable-image');
    expect(error).to.have.property('message').that.contains('very many frames');
  });

  it('refuses a header that takes longer than the answer can wait', async () => {
    const gif = await picture().gif().toBuffer();
    const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
    const slow = Buffer.concat([gif.subarray(0, -1), ...Array<Buffer>(9_000).fill(frame), Buffer.from(';')]);
    const failure: unknown = await behindTimers(() => readHeader(slow, 1)).catch((reason: unknown) => reason);
    expect(failure).to.have.property('message').that.contains('decoded within 0.001 s');
  });

  it('refuses no bytes, other files and other formats, each by its own reason', async () => {
    const failure = async (bytes: Uint8Array) => {
      const error: unknown = await readHeader(bytes).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(AppError);
      return error as AppError;
    };
    expect(await failure(new Uint8Array(0))).to.include({ code: 'bad-request' });
    expect(await failure(Buffer.from('<svg/>'))).to.include({ code: 'unsupported-image' });
    const heic = await failure(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1'));
    expect(heic.message).to.include('received heic.').and.include('Save the photo as JPEG');
    const other = await failure(Buffer.from('%PDF-1.7'));
    expect(other.message).to.equal(
      'Expected one of jpeg, png, webp, gif, avif, tiff, bmp for `image` but received something else.',
    );
    expect(await failure(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9))).to.include({ code: 'undecodable-image' });
  });

  it('opens nothing but the formats that are decoded, whatever sharp could do', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const error: unknown = await sharp(svg)
      .metadata()
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).with.property('message').that.includes('unsupported image format');
  });
});
