import { expect } from 'chai';
import { hasTooManyTexts, MAX_PNG_TEXTS } from '../../../shared/core/png-texts.ts';

/** A chunk of one byte; nobody looks at its checksum here. */
const chunk = (type: string) => [0, 0, 0, 1, ...Buffer.from(type), 7, 0, 0, 0, 0];
const png = (...types: readonly string[]): Uint8Array =>
  Uint8Array.from([...Array<number>(8).fill(0), ...types.flatMap(chunk)]);
const texts = (count: number, type = 'tEXt') => Array<string>(count).fill(type);

describe('hasTooManyTexts', () => {
  it('takes a thousand texts among other chunks', () => {
    expect(hasTooManyTexts(png('IHDR', ...texts(MAX_PNG_TEXTS), ...texts(2_000, 'IDAT'), 'IEND'))).to.equal(
      false,
    );
  });

  for (const type of ['tEXt', 'zTXt', 'iTXt']) {
    it(`does not take one ${type} more`, () => {
      expect(hasTooManyTexts(png('IHDR', ...texts(MAX_PNG_TEXTS), 'IDAT', type))).to.equal(true);
    });
  }

  it('ends where the file does, whatever a length claims', () => {
    expect(
      hasTooManyTexts(Uint8Array.from([...png('IHDR'), 0xff, 0xff, 0xff, 0xff, ...chunk('tEXt')])),
    ).to.equal(false);
    expect(hasTooManyTexts(new Uint8Array(3))).to.equal(false);
  });
});
