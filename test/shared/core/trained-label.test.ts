import { expect } from 'chai';
import { labelOfFolder, trainedLabel } from '../../../shared/core/trained-label.ts';

describe('trainedLabel', () => {
  it('takes letters of any script, digits, space and a few signs', () => {
    for (const label of ['dog', 'German shepherd', "dog's (old)", 'Hündin', '犬', 'a_b-c.d', '7']) {
      expect(trainedLabel(label)).to.equal(label);
    }
  });

  it('leaves blanks around it out, and writes a letter one way', () => {
    expect(trainedLabel('  dog ')).to.equal('dog');
    expect(trainedLabel('Hu\u0308ndin')).to.equal('Hündin');
  });

  it('takes nothing else', () => {
    for (const text of ['', '  ', 'a/b', 'a,b', '<b>', 'a\nb', '\u0000', '🐶', '...', 'x'.repeat(101)]) {
      expect(trainedLabel(text), JSON.stringify(text)).to.equal(undefined);
    }
  });
});

describe('labelOfFolder', () => {
  it('makes blanks of what no label may hold', () => {
    expect(labelOfFolder('german_shepherd')).to.equal('german shepherd');
    expect(labelOfFolder(' crane, bird ')).to.equal('crane bird');
  });

  it('cuts what is too long, between letters', () => {
    expect(labelOfFolder('x'.repeat(120))).to.equal('x'.repeat(100));
    expect(labelOfFolder('𠮷'.repeat(120))).to.equal('𠮷'.repeat(100));
  });

  it('is empty where nothing is left', () => {
    expect(labelOfFolder('🐶')).to.equal('');
    expect(labelOfFolder('')).to.equal('');
  });
});
