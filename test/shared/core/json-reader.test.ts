import { expect } from 'chai';
import fc from 'fast-check';
import { describeValue, FormatError } from '../../../shared/core/format-error.ts';
import { JsonReader } from '../../../shared/core/json-reader.ts';

describe('JsonReader', () => {
  it('returns what is right and does not complain', () => {
    const read = new JsonReader('file.json');
    expect(read.object({ a: 1 }, 'o')).to.deep.equal({ a: 1 });
    expect(read.list([1, 2], 'l', { min: 1, max: 2 })).to.deep.equal([1, 2]);
    expect(read.text('wolf', 't')).to.equal('wolf');
    expect(read.number(0.5, 'n', { min: 0, max: 1 })).to.equal(0.5);
    expect(read.boolean(false, 'b')).to.equal(false);
    read.check();
  });

  it('reports all that is wrong in one error, by field', () => {
    const read = new JsonReader('file.json');
    read.object([], 'o');
    read.list([1], 'l', { min: 2, max: 3 });
    read.list('x', 'three', { min: 3, max: 3 });
    read.text('', 't');
    read.number(1.5, 'n', { min: 0, max: 9, integer: true });
    read.number(NaN, 'nan', { min: 0, max: 9 });
    read.boolean('true', 'b');
    const error = caught(() => read.check());
    expect(error.fields.map(({ field }) => field)).to.deep.equal(['o', 'l', 'three', 't', 'n', 'nan', 'b']);
    expect(error.message).to.match(/^file\.json is not usable\. /);
    expect(error.message).to.include('Expected a list of 2 to 3 for `l` but received an array of 1.');
    expect(error.message).to.include('Expected a list of 3 for `three` but received "x".');
    expect(error.message).to.include('Expected a whole number from 0 to 9 for `n` but received 1.5.');
    expect(error.message).to.include('Expected true or false for `b` but received "true".');
  });

  it('gives values of the right type whatever it is given, so that reading can go on', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = new JsonReader('x');
        expect(read.object(value, 'x')).to.be.an('object');
        expect(read.list(value, 'x', { min: 0, max: 3 })).to.be.an('array');
        expect(read.text(value, 'x')).to.be.a('string');
        expect(read.number(value, 'x', { min: 2, max: 3 })).to.be.within(2, 3);
        expect(read.boolean(value, 'x')).to.be.a('boolean');
      }),
    );
  });
});

describe('describeValue', () => {
  it('names each kind of JSON value', () => {
    const values = [undefined, null, true, 224, 'wide', [1, 2], { a: 1 }];
    expect(values.map(describeValue)).to.deep.equal([
      'nothing',
      'null',
      'true',
      '224',
      '"wide"',
      'an array of 2',
      'an object',
    ]);
  });
});

function caught(action: () => void): FormatError {
  try {
    action();
  } catch (error) {
    if (error instanceof FormatError) return error;
  }
  throw new Error('Expected a FormatError.');
}
