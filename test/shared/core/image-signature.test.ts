import { expect } from 'chai';
import fc from 'fast-check';
import sharp from 'sharp';
import { IMAGE_FORMATS } from '../../../shared/core/image-format.ts';
import { detectFormat } from '../../../shared/core/image-signature.ts';

const text = (value: string) => new TextEncoder().encode(value);
const latin1 = (value: string) => Uint8Array.from(value, (character) => character.charCodeAt(0));

describe('detectFormat', () => {
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const) {
    it(`tells a real ${format}`, async () => {
      const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } });
      expect(detectFormat(await picture.toFormat(format).toBuffer())).to.equal(format);
    });
  }

  it('tells TIFF and BigTIFF in both byte orders', () => {
    for (const start of ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'])
      expect(detectFormat(latin1(start))).to.equal('tiff');
  });

  it('tells a BMP by the size of its header too: two letters are too little', () => {
    const bmp = new Uint8Array(54);
    bmp.set(text('BM'));
    bmp[14] = 40;
    expect(detectFormat(bmp)).to.equal('bmp');
    expect(detectFormat(text('BM is how this sentence starts, and no more.'))).to.equal(undefined);
    expect(detectFormat(text('BM'))).to.equal(undefined);
    expect(detectFormat(bmp.subarray(0, 17))).to.equal(undefined);
  });

  it('tells AVIF from HEIC by any of the brands', () => {
    expect(detectFormat(ftyp('avif'))).to.equal('avif');
    expect(detectFormat(ftyp('mif1', 'miaf', 'avif'))).to.equal('avif');
    expect(detectFormat(ftyp('heic', 'mif1'))).to.equal('heic');
    expect(detectFormat(ftyp('mif1'))).to.equal('heic');
    expect(detectFormat(ftyp('isom', 'mp41'))).to.equal(undefined);
  });

  it('reads no brand behind the end of its box', () => {
    const file = ftyp('isom');
    expect(detectFormat(Uint8Array.from([...file, ...text('avif')]))).to.equal(undefined);
  });

  it('tells SVG behind whatever may stand before it', () => {
    for (const start of [
      '<svg>',
      '\ufeff <?xml version="1.0"?>\n<!-- a > b --><!DOCTYPE svg>\n<svg x="">',
      '<s:svg ',
    ]) {
      expect(detectFormat(text(start))).to.equal('svg');
    }
    expect(detectFormat(Uint8Array.from('<svg/>', (letter) => letter.charCodeAt(0)))).to.equal('svg');
  });

  it('takes other text for nothing', () => {
    for (const other of ['', ' ', '<html><svg>', '<!-- open', '<?xml?>', 'svg', '{}', '<svgx>']) {
      expect(detectFormat(text(other))).to.equal(undefined);
    }
  });

  it('never throws, and depends on the first 4096 bytes alone', () => {
    const known = new Set<string | undefined>([...IMAGE_FORMATS, 'heic', 'svg', undefined]);
    const prefix = fc.constantFrom(
      '',
      'BM',
      '\xff\xd8\xff',
      'RIFF',
      '\0\0\0\x20ftyp',
      '<!--',
      '<?xml',
      'II*\0',
    );
    fc.assert(
      fc.property(prefix, fc.uint8Array({ maxLength: 64 }), (start, rest) => {
        expect(known.has(detectFormat(Uint8Array.from([...latin1(start), ...rest])))).to.equal(true);
      }),
    );
    const late = text(`${'<!--'.padEnd(5000)}--><svg>`);
    expect(detectFormat(late)).to.equal(undefined);
  });
});

function ftyp(major: string, ...compatible: string[]): Uint8Array {
  const bytes = latin1(`\0\0\0\0ftyp${major}\0\0\0\0${compatible.join('')}`);
  bytes[3] = bytes.length;
  return bytes;
}
