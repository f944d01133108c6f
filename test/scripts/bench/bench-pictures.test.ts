import { expect } from 'chai';
import sharp from 'sharp';
import { BenchPictures, withComment } from '../../../scripts/bench/bench-pictures.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';

describe('BenchPictures', () => {
  it('never gives the same bytes twice, and always a 640×480 JPEG', async () => {
    const pictures = await BenchPictures.draw();
    const all = Array.from({ length: 20 }, () => pictures.next());
    expect(new Set(all.map(sha256Hex)).size).to.equal(20);
    for (const picture of all) {
      expect(await sharp(picture).metadata()).to.include({ format: 'jpeg', width: 640, height: 480 });
    }
  });

  it('draws pictures that cost a decoder about what a photograph does', async () => {
    const picture = (await BenchPictures.draw()).next();
    expect(picture.length).to.be.within(40_000, 400_000);
    const { entropy } = await sharp(picture).stats();
    expect(entropy).to.be.above(5);
  });

  it('adds a comment that changes no pixel', async () => {
    const jpeg = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#c04020' } })
      .jpeg()
      .toBuffer();
    const commented = withComment(jpeg, 'hello');
    expect(commented).to.have.length(jpeg.length + 9);
    const pixels = (bytes: Uint8Array) => sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
    expect(await pixels(commented)).to.deep.equal(await pixels(jpeg));
  });
});
