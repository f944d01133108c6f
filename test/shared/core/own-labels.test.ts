import { expect } from 'chai';
import fc from 'fast-check';
import { AppError } from '../../../shared/core/errors.ts';
import { ownLabels } from '../../../shared/core/own-labels.ts';

describe('ownLabels', () => {
  it('makes a head of what was written, in its order', () => {
    expect(ownLabels([' my cat ', 'a wolf, grey', '狼 🐺'])).to.deep.equal({
      id: 'labels',
      title: 'Own labels',
      labels: [{ label: 'my cat' }, { label: 'a wolf, grey' }, { label: '狼 🐺' }],
      templates: ['a photo of a {}'],
    });
    expect(ownLabels(['cat'], 'art of {}').templates).to.deep.equal(['art of {}']);
  });

  it('takes 256 labels of 200 characters, and no more of either', () => {
    const labels = Array.from({ length: 256 }, (_, index) => `${index}`.padStart(200, 'x'));
    expect(ownLabels(labels).labels).to.have.lengthOf(256);
    expect(problemsOf([...labels, 'y'])).to.deep.equal(['labels']);
    expect(problemsOf(['x'.repeat(201)])).to.deep.equal(['labels']);
    expect(ownLabels(['🐺'.repeat(200)]).labels).to.have.lengthOf(1);
  });

  it('refuses no labels, blank ones, ones that stand twice, and what cannot be printed', () => {
    for (const labels of [[], [''], ['cat', '  '], ['cat', ' cat'], ['a\nb'], ['\0'], ['\ud800']]) {
      expect(problemsOf(labels)).to.deep.equal(['labels']);
    }
    expect(problemsOf(['caf\u00e9', 'cafe\u0301'])).to.deep.equal(['labels']);
  });

  it('refuses what cannot be seen or turns the line around, and keeps joiners', () => {
    for (const label of ['\u200b', '\u200d\u200d', 'cat\u202e', '\u2067cat', '\ue000']) {
      expect(problemsOf([label])).to.deep.equal(['labels']);
    }
    expect(ownLabels(['👩\u200d🚀', 'می\u200cخواهم']).labels).to.have.lengthOf(2);
  });

  it('refuses a template without one {}', () => {
    for (const template of ['', 'a photo', '{} and {}', '{}\n', `${'x'.repeat(199)}{}`]) {
      expect(problemsOf(['cat'], template)).to.deep.equal(['template']);
    }
  });

  it('names both fields where both are wrong, as a bad request', () => {
    expect(problemsOf([], 'x')).to.deep.equal(['labels', 'template']);
    expect(() => ownLabels([])).to.throw(AppError, 'Expected 1 to 256 labels for `labels` but received 0.');
    expect(() => ownLabels(['a', 'a'])).to.throw(AppError, '"a" twice');
  });

  it('either takes any texts or refuses them as a bad request', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }),
        fc.string(),
        (labels, template) => {
          try {
            expect(ownLabels(labels, template).labels).to.have.lengthOf(labels.length);
          } catch (error) {
            expect(error).to.be.instanceOf(AppError).and.include({ code: 'bad-request' });
          }
        },
      ),
    );
  });
});

function problemsOf(labels: readonly string[], template?: string): string[] {
  try {
    ownLabels(labels, template);
    return [];
  } catch (error) {
    return (error as AppError).fields.map(({ field }) => field);
  }
}
