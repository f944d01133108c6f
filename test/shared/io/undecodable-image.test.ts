import { expect } from 'chai';
import fc from 'fast-check';
import { AppError } from '../../../shared/core/errors.ts';
import { tooManyPixels, tooSlow, undecodable } from '../../../shared/io/undecodable-image.ts';

describe('undecodable', () => {
  it('names format and reason, without the preamble of libvips', () => {
    const reason = new Error(
      'Input buffer has corrupt header: gifload_buffer: Unexpected end of GIF source data',
    );
    expect(undecodable(reason, 'gif').message).to.equal(
      'Expected a gif that can be decoded for `image` but received one that cannot be: ' +
        'gifload_buffer: Unexpected end of GIF source data.',
    );
    expect(undecodable(reason, 'gif').cause).to.equal(reason);
  });

  it('has a reason where the decoder gave none', () => {
    for (const reason of [new Error('Input buffer has corrupt header:\n'), new Error(''), '']) {
      expect(undecodable(reason, 'png').message).to.match(/: its header is damaged\.$/);
    }
  });

  it('passes on an error that says it already', () => {
    const known = new AppError('unsupported-image', 'No.');
    expect(undecodable(known, 'bmp')).to.equal(known);
  });

  it('is one short printable line, whatever the decoder says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (reason) => {
        expect(undecodable(new Error(reason), 'webp').message).to.match(/^[\x20-\x7e]{1,220}$/);
      }),
    );
  });
});

describe('the limits', () => {
  it('say both numbers', () => {
    expect(tooManyPixels({ width: 90_000, height: 2 }, 1000)).to.include({
      code: 'undecodable-image',
      message: 'Expected at most 1000 pixels for `image` but received 90000 × 2.',
    });
    expect(tooSlow('jpeg', 5000).message).to.equal(
      'Expected an image that is decoded within 5 s for `image` but received a jpeg that takes longer.',
    );
  });
});
