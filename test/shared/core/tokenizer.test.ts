import { expect } from 'chai';
import fc from 'fast-check';
import { FormatError } from '../../../shared/core/format-error.ts';
import { ClipTokenizer } from '../../../shared/core/tokenizer.ts';
import { END, START, tinyTokenizerJson } from './tiny-tokenizer.ts';

const CAT = 53;

describe('ClipTokenizer', () => {
  const tokenizer = new ClipTokenizer(tinyTokenizerJson(), 8);

  it('brackets the tokens of a text with start and end', () => {
    expect(tokenizer.encode('cat')).to.deep.equal([START, CAT, END]);
    expect(tokenizer.encode('  Cat\n a ')).to.deep.equal([START, CAT, 26, END]);
    expect(tokenizer.encode('')).to.deep.equal([START, END]);
  });

  it('cuts a text to the context length and keeps the end', () => {
    const ids = tokenizer.encode('cat '.repeat(50));
    expect(ids).to.deep.equal([START, CAT, CAT, CAT, CAT, CAT, CAT, END]);
    expect(tokenizer.encode('cat '.repeat(6))).to.deep.equal(ids);
  });

  it('pads a batch to its longest text with the end token', () => {
    const { ids, length } = tokenizer.pad([
      [START, CAT, CAT, END],
      [START, END],
    ]);
    expect(length).to.equal(4);
    expect([...ids].map(Number)).to.deep.equal([START, CAT, CAT, END, START, END, END, END]);
    expect(tokenizer.pad([])).to.deep.equal({ ids: new BigInt64Array(0), length: 0 });
  });

  it('encodes any text, lone surrogates and all, within the context length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const ids = tokenizer.encode(text);
        expect(ids.length).to.be.within(2, 8);
        expect(ids[0]).to.equal(START);
        expect(ids.at(-1)).to.equal(END);
      }),
    );
  });

  it('takes a very long word without taking for ever', () => {
    expect(tokenizer.encode('ca'.repeat(100_000))).to.have.lengthOf(8);
  });

  it('refuses what is no tokenizer, and one that does not bracket', () => {
    for (const json of [
      null,
      5,
      {},
      { model: { type: 'Other' } },
      { ...tinyTokenizerJson(), post_processor: null },
    ]) {
      expect(() => new ClipTokenizer(json, 8)).to.throw(FormatError, /^tokenizer\.json is not usable/);
    }
  });
});

describe('ClipTokenizer where the package leaves the reference', () => {
  const tokenizer = new ClipTokenizer(tinyTokenizerJson(), 20);

  it('lower-cases Σ to σ, at the end of a word too', () => {
    expect(tokenizer.encode('Σ')).to.deep.equal(tokenizer.encode('σ'));
    expect(tokenizer.encode('ΣΑΣ')).to.deep.equal(tokenizer.encode('σασ'));
    expect(tokenizer.encode('σ')).to.not.deep.equal(tokenizer.encode('ς'));
  });

  it('takes a special token in other letters for text', () => {
    const asText = tokenizer.encode('<|ENDOFTEXT|>');
    expect(asText.length).to.be.above(3);
    expect(tokenizer.encode('<|endoftext|>')).to.deep.equal([START, END, END]);
    expect(tokenizer.encode('<|EndOfText|>')).to.deep.equal(asText);
    expect(tokenizer.encode('cat <|ENDOFTEXT|>')).to.deep.equal([START, CAT, ...asText.slice(1)]);
  });
});
