import { expect } from 'chai';
import fc from 'fast-check';
import { fillTemplate, isTemplate, promptsOf } from '../../../shared/core/prompts.ts';

describe('fillTemplate', () => {
  it('puts the label in place of {}', () => {
    expect(fillTemplate('a photo of a {}.', 'wolf')).to.equal('a photo of a wolf.');
    expect(fillTemplate('{}', 'wolf')).to.equal('wolf');
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

  it('keeps everything around the label', () => {
    const around = fc.string().filter((text) => !text.includes('{') && !text.includes('}'));
    fc.assert(
      fc.property(around, around, fc.string(), (before, after, label) => {
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
