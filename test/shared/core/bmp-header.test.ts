import { expect } from 'chai';
import fc from 'fast-check';
import { readBmpSize } from '../../../shared/core/bmp-header.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { bmpBytes } from '../sample-bmp.ts';

describe('readBmpSize', () => {
  it('reads the size, whichever way the rows run', () => {
    expect(readBmpSize(bmpBytes({ width: 3, height: 2 }))).to.deep.equal({ width: 3, height: 2 });
    expect(readBmpSize(bmpBytes({ width: 3, height: -2 }))).to.deep.equal({ width: 3, height: 2 });
  });

  it('believes what the header claims, so that a limit can refuse it', () => {
    const size = readBmpSize(bmpBytes({ width: 2 ** 31 - 1, height: -(2 ** 31) }));
    expect(size).to.deep.equal({ width: 2_147_483_647, height: 2_147_483_648 });
  });

  it('takes the kinds that are decoded', () => {
    for (const bits of [1, 8, 16, 24, 32]) expect(() => readBmpSize(bmpBytes({ bits }))).to.not.throw();
    expect(() => readBmpSize(bmpBytes({ bits: 4, width: 4 }))).to.not.throw();
    expect(() => readBmpSize(bmpBytes({ bits: 16, compression: 3 }))).to.not.throw();
    expect(() => readBmpSize(bmpBytes({ headerBytes: 124 }))).to.not.throw();
  });

  it('refuses as another kind what would be misread', () => {
    expect(codeOf(bmpBytes({ bits: 8, compression: 1 }))).to.equal('unsupported-image');
    expect(codeOf(bmpBytes({ bits: 4, width: 3 }))).to.equal('unsupported-image');
    expect(codeOf(bmpBytes({ headerBytes: 64 }))).to.equal('unsupported-image');
    expect(codeOf(bmpBytes({ gap: 4 }))).to.equal('unsupported-image');
    expect(codeOf(bmpBytes({ bits: 2 }))).to.equal('unsupported-image');
  });

  it('refuses as damaged what is cut short or has no area', () => {
    expect(codeOf(bmpBytes({}).subarray(0, 25))).to.equal('undecodable-image');
    expect(codeOf(bmpBytes({}).subarray(0, 50))).to.equal('undecodable-image');
    expect(codeOf(bmpBytes({ width: 0 }))).to.equal('undecodable-image');
    expect(codeOf(bmpBytes({ width: -5 }))).to.equal('undecodable-image');
    expect(codeOf(bmpBytes({ height: 0 }))).to.equal('undecodable-image');
  });

  it('either reads any bytes or throws an AppError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(60), (noise, at) => {
        const bytes = bmpBytes({});
        bytes.set(noise.subarray(0, bytes.length - at), Math.min(at, bytes.length));
        for (const input of [noise, bytes])
          expect(['ok', 'undecodable-image', 'unsupported-image']).to.include(codeOf(input));
      }),
    );
  });
});

function codeOf(bytes: Uint8Array): string {
  try {
    readBmpSize(bytes);
    return 'ok';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}
