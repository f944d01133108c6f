import { expect } from 'chai';
import fc from 'fast-check';
import { AppError, invalidFields, quote } from '../../../shared/core/errors.ts';

describe('AppError', () => {
  it('carries a code, and nothing else that was not given', () => {
    const error = new AppError('not-found', 'Expected a head.');
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({ name: 'AppError', code: 'not-found', message: 'Expected a head.' });
    expect(error.fields).to.deep.equal([]);
    expect(error.allow).to.deep.equal([]);
    expect(error.retryAfterSeconds).to.equal(undefined);
    expect(error).to.not.have.property('cause');
  });

  it('keeps what a response needs, and its cause for the log', () => {
    const cause = new Error('socket hang up');
    const error = new AppError('busy', 'Full.', { cause, retryAfterSeconds: 2, allow: ['GET'] });
    expect(error.cause).to.equal(cause);
    expect(error.retryAfterSeconds).to.equal(2);
    expect(error.allow).to.deep.equal(['GET']);
  });
});

describe('invalidFields', () => {
  it('is one bad request that names every field', () => {
    const fields = [
      { field: 'top', message: 'Expected a number for `top` but received "x".' },
      { field: 'head', message: 'Expected a head for `head` but received "y".' },
    ];
    const error = invalidFields(fields);
    expect(error.code).to.equal('bad-request');
    expect(error.fields).to.deep.equal(fields);
    expect(error.message).to.equal(
      'Expected a number for `top` but received "x". Expected a head for `head` but received "y".',
    );
  });
});

describe('quote', () => {
  it('quotes a text, and says nothing where there is none', () => {
    expect(quote('wolf')).to.equal('"wolf"');
    expect(quote('')).to.equal('""');
    expect(quote(undefined)).to.equal('nothing');
  });

  it('shortens to 78 characters, the last of them an ellipsis', () => {
    expect(quote('a'.repeat(78))).to.equal(`"${'a'.repeat(78)}"`);
    expect(quote('a'.repeat(79))).to.equal(`"${'a'.repeat(77)}…"`);
  });

  it('shows what would steer a terminal or turn the line around', () => {
    expect(quote('a\u009b31m \u202Eb\u2028')).to.equal(String.raw`"a\u009b31m \u202eb\u2028"`);
  });

  it('stays on one line whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(quote(text)).to.not.match(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
        if (text.length <= 78) expect(JSON.parse(quote(text))).to.equal(text);
      }),
    );
  });
});
