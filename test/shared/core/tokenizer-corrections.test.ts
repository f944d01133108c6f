import { expect } from 'chai';
import { tokenizerCorrections } from '../../../shared/core/tokenizer-corrections.ts';
import { tinyTokenizerJson } from './tiny-tokenizer.ts';

describe('tokenizerCorrections', () => {
  const { correct } = tokenizerCorrections(tinyTokenizerJson());

  it('changes nothing but Σ and look-alikes of special tokens', () => {
    for (const text of [
      '',
      'A Photo of a Cat',
      'ς',
      '<|endoftext|>',
      'a <|startoftext|> b',
      '<|endoftex|>',
    ]) {
      expect(correct(text)).to.equal(text);
    }
    expect(correct('ΟΔΟΣ')).to.equal('ΟΔΟσ');
  });

  it('sets a look-alike apart only where it would stand alone', () => {
    expect(correct('<|ENDOFTEXT|>')).to.equal('<|ENDOFTEXT|> ');
    expect(correct('<|EndOfText|><|endoftext|>')).to.equal('<|EndOfText|> <|endoftext|>');
    expect(correct('<|ENDOFTEXT|>!')).to.equal('<|ENDOFTEXT|>!');
  });

  it('leaves every text alone where the tokenizer keeps capitals', () => {
    const cased = tokenizerCorrections({ ...tinyTokenizerJson(), normalizer: { type: 'NFC' } });
    expect(cased.correct('Σ <|ENDOFTEXT|>')).to.equal('Σ <|ENDOFTEXT|>');
    expect(tokenizerCorrections({}).correct('Σ')).to.equal('Σ');
  });

  it('knows the lower-casing of BERT too, and does without special tokens', () => {
    const bert = tokenizerCorrections({ normalizer: { type: 'BertNormalizer', lowercase: true } });
    expect(bert.correct('ΟΔΟΣ <|ENDOFTEXT|>')).to.equal('ΟΔΟσ <|ENDOFTEXT|>');
  });
});
