import { expect } from 'chai';
import { readModelOption } from '../../../../functions/clip/request/model-option.ts';
import { fromPairs } from '../../../../functions/clip/request/raw-options.ts';
import type { AppError } from '../../../../shared/core/errors.ts';

describe('the option of routes that know `model` alone', () => {
  const read = (query: string) => readModelOption(fromPairs(new URLSearchParams(query)));
  const errorsOf = (act: () => unknown): AppError['fields'] => {
    try {
      act();
      return [];
    } catch (error) {
      return (error as AppError).fields;
    }
  };

  it('is the id, or undefined for the default model', () => {
    expect(read('model=mini-clip')).to.equal('mini-clip');
    expect(read('')).to.equal(undefined);
  });

  it('may be given twice if it says the same', () => {
    expect(read('model=a&model=a')).to.equal('a');
    expect(errorsOf(() => read('model=a&model=b')).map(({ message }) => message)).to.deep.equal([
      'Expected one value for `model` but received "a" and "b".',
    ]);
  });

  it('refuses options of other routes, together with what was found before', () => {
    const before = [{ field: 'image', message: 'Expected an image.' }];
    const raw = fromPairs(new URLSearchParams('top=3&head=cifar100'));
    expect(errorsOf(() => readModelOption(raw, before)).map(({ field }) => field)).to.deep.equal([
      'image',
      'top',
      'head',
    ]);
  });
});
