import { expect } from 'chai';
import fc from 'fast-check';
import { fillTemplate, isTemplate, promptsOf } from '../../../shared/core/prompts.ts';

describe('fillTemplate', () => {
  it('puts the label in place of {}', () => {
    expect(fillTemplate('a photo of a {}.', 'wolf')).to.equal('a photo of a wolf.');
    expect(fillTemplate('{}', 'wolf')).to.equal('wolf');
  });

  it('leaves out its own article where the label brings one', () => {
    expect(fillTemplate('a photo of a {}', 'a red fox')).to.equal('a photo of a red fox');
    expect(fillTemplate('a photo of the {}.', 'an apple')).to.equal('a photo of an apple.');
    expect(fillTemplate('The {}', 'My cat')).to.equal('My cat');
    expect(fillTemplate('{} in the snow', 'a wolf')).to.equal('a wolf in the snow');
  });

  it('keeps its article before words that only begin like one', () => {
    expect(fillTemplate('a photo of a {}', 'ant')).to.equal('a photo of a ant');
    expect(fillTemplate('a photo of a {}', 'theatre curtain')).to.equal('a photo of a theatre curtain');
    expect(fillTemplate('a letter: the {}', 'a')).to.equal('a letter: the a');
    expect(fillTemplate('pizza {}', 'a slice')).to.equal('pizza a slice');
  });

  it('takes the label as it is, patterns and braces included', () => {
    expect(fillTemplate('a {}', '$& $1 {}')).to.equal('a $& $1 {}');
  });

  it('refuses a template without {} or with two of them', () => {
    for (const template of ['', 'a photo', 'a {} and {}', '{ }']) {
      expect(isTemplate(template)).to.equal(false);
      expect(() => fillTemplate(template, 'wolf')).to.throw(RangeError, 'with one {}');
    }
  });

  it('keeps everything around a label that is no more than a word', () => {
    const around = fc.string().filter((text) => !text.includes('{') && !text.includes('}'));
    fc.assert(
      fc.property(around, around, fc.stringMatching(/^\S*$/), (before, after, label) => {
        expect(isTemplate(`${before}{}${after}`)).to.equal(true);
        expect(fillTemplate(`${before}{}${after}`, label)).to.equal(before + label + after);
      }),
    );
  });
});

describe('promptsOf', () => {
  it('puts the label itself in every template', () => {
    expect(promptsOf({ label: 'wolf' }, ['{}', 'a {}'])).to.deep.equal(['wolf', 'a wolf']);
  });

  it('puts every prompt in every template, where there are prompts', () => {
    const prompts = promptsOf({ label: 'wolf', prompts: ['wolf', 'grey wolf'] }, ['{}', 'a {}']);
    expect(prompts).to.deep.equal(['wolf', 'a wolf', 'grey wolf', 'a grey wolf']);
  });
});
