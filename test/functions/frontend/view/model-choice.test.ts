import { expect } from 'chai';

import { modelChoice } from '../../../../functions/frontend/view/model-choice.ts';

describe('modelChoice', () => {
  const options = (models: readonly string[], asked: string): string[] =>
    [...(modelChoice(models, asked)?.markup ?? '').matchAll(/<option value="([^"]*)"\s*(selected)?/g)].map(
      ([, value = '', selected = '']) => `${value} ${selected}`.trim(),
    );

  it('is nothing where there is no choice', () => {
    for (const models of [[], ['a']]) expect(modelChoice(models, '')).to.equal(undefined);
  });

  it('names no model for the default one, unless the question names it', () => {
    expect(options(['a', 'b'], '')).to.deep.equal(['selected', 'b']);
    expect(options(['a', 'b'], 'b')).to.deep.equal(['', 'b selected']);
    expect(options(['a', 'b'], 'a')).to.deep.equal(['a selected', 'b']);
  });

  it('passes on a model that it does not know: clip says what it makes of it', () => {
    for (const models of [[], ['a', 'b']]) {
      expect(modelChoice(models, '<x>')?.markup).to.match(/<input [^>]*type="hidden"[^>]*value="&lt;x&gt;"/);
    }
  });
});
