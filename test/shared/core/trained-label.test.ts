import { expect } from 'chai';
import { trainedLabel } from '../../../shared/core/trained-label.ts';

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
