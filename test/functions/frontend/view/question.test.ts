import { expect } from 'chai';
import fc from 'fast-check';

import {
  addressQuery,
  fitsQuery,
  NO_QUESTION,
  readQuestion,
  splitLabels,
  writeQuestion,
} from '../../../../functions/frontend/view/question.ts';

describe('question', () => {
  it('reads labels one a line or with commas, each once', () => {
    expect(splitLabels(' a cat, a dog\r\na cat\n\n,')).to.deep.equal(['a cat', 'a dog']);
  });

  it('takes blank fields for absent ones', () => {
    const fields: [string, string][] = ['head', 'labels', 'template', 'top', 'model'].map((name) => [
      name,
      '  ',
    ]);
    expect(readQuestion(fields)).to.deep.equal(NO_QUESTION);
  });

  it('takes several label fields as one label each, commas and all', () => {
    const question = readQuestion([
      ['labels', 'red, or nearly'],
      ['labels', 'blue'],
    ]);
    expect(question.labels).to.deep.equal(['red, or nearly', 'blue']);
    expect(fitsQuery(question)).to.equal(false);
  });

  it('reads an address of one name, as often as a request can hold it', () => {
    const fields = Array.from({ length: 60_000 }, (_, at): [string, string] => ['head', `h${at % 3}`]);
    expect(readQuestion(fields).heads).to.deep.equal(['h0', 'h1', 'h2']);
  });

  it('keeps a malformed number for the function that checks it', () => {
    expect(readQuestion([['top', 'many']]).top).to.equal('many');
    expect(writeQuestion({ ...NO_QUESTION, top: 'many' }).toString()).to.equal('top=many');
  });

  it('writes a template only where there are labels', () => {
    const template = 'a drawing of a {}';
    expect(writeQuestion({ ...NO_QUESTION, template }).toString()).to.equal('');
    expect(writeQuestion({ ...NO_QUESTION, labels: ['x'], template }).get('template')).to.equal(template);
  });

  it('fits into a query and an address up to a length that any server takes', () => {
    const few = { ...NO_QUESTION, labels: ['cat', 'dog'], top: '5' };
    expect(fitsQuery(few)).to.equal(true);
    expect(addressQuery(few)).to.equal('labels=cat%2Cdog');
    const many = { ...few, labels: Array.from({ length: 256 }, (_, at) => `${'語'.repeat(20)}${at}`) };
    expect(fitsQuery(many)).to.equal(false);
    expect(addressQuery(many)).to.equal(undefined);
  });

  it('comes back from its own address', () => {
    const word = fc.stringMatching(/^[a-z0-9äß&=+%#]{1,12}$/);
    const words = fc.uniqueArray(word, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(words, word, fc.integer({ min: 1, max: 99 }), (labels, model, top) => {
        const question = { heads: [], labels, template: 'a {} here', top: String(top), model };
        expect(readQuestion(new URLSearchParams(writeQuestion(question).toString()))).to.deep.equal(question);
      }),
    );
  });
});
