import { expect } from 'chai';
import fc from 'fast-check';
import { FormatError } from '../../../shared/core/format-error.ts';
import { parseHeadDefinition } from '../../../shared/core/head-definition.ts';

const CAT_DOG = {
  id: 'cat-dog',
  title: 'Cat or dog',
  templates: ['a photo of a {}', '{}'],
  labels: ['cat', { label: 'dog', prompts: ['dog', 'puppy'] }],
};

describe('parseHeadDefinition', () => {
  it('reads labels in both forms', () => {
    expect(parseHeadDefinition(CAT_DOG, 'cat-dog.json')).to.deep.equal({
      id: 'cat-dog',
      title: 'Cat or dog',
      templates: ['a photo of a {}', '{}'],
      labels: [{ label: 'cat' }, { label: 'dog', prompts: ['dog', 'puppy'] }],
    });
  });

  it('reads the WordNet id and the index of a label, which data sets name it by', () => {
    const { labels } = parseHeadDefinition(
      { ...CAT_DOG, labels: [{ label: 'crane (bird)', wnid: 'n02012849', index: 134 }] },
      'x.json',
    );
    expect(labels).to.deep.equal([{ label: 'crane (bird)', wnid: 'n02012849', index: 134 }]);
    const wrong = [{ label: 'crane', wnid: '02012849', index: -1 }];
    expect(fieldsOf({ ...CAT_DOG, labels: wrong })).to.deep.equal(['labels[0].wnid', 'labels[0].index']);
  });

  it('refuses a label that stands twice, by its place', () => {
    expect(fieldsOf({ ...CAT_DOG, labels: ['crane', 'cardigan', { label: 'crane' }] })).to.deep.equal([
      'labels[2]',
    ]);
  });

  it('refuses ids that are no ids', () => {
    for (const id of ['', 'Cat', 'cat dog', '../cat', 'a'.repeat(41), 7]) {
      expect(fieldsOf({ ...CAT_DOG, id })).to.deep.equal(['id']);
    }
  });

  it('refuses templates without one {}, none, and more than eight', () => {
    expect(fieldsOf({ ...CAT_DOG, templates: ['{}', 'a photo', '{} {}'] })).to.deep.equal([
      'templates[1]',
      'templates[2]',
    ]);
    expect(fieldsOf({ ...CAT_DOG, templates: [] })).to.deep.equal(['templates']);
    expect(fieldsOf({ ...CAT_DOG, templates: Array(9).fill('{}') })).to.deep.equal(['templates']);
  });

  it('refuses labels with blanks around them, control characters, or too long', () => {
    const labels = [' cat', 'dog ', 'a\nb', 'x'.repeat(201), '', 5, { label: 'fox', prompts: [] }];
    const fields = fieldsOf({ ...CAT_DOG, labels });
    expect(fields).to.include.members([
      'labels[0]',
      'labels[1]',
      'labels[2]',
      'labels[3]',
      'labels[4]',
      'labels[5]',
    ]);
    expect(fields).to.include('labels[6].prompts');
  });

  it('names the file', () => {
    expect(() => parseHeadDefinition([], 'models/heads/x.json')).to.throw(
      /^models\/heads\/x\.json is not usable\./,
    );
  });

  it('either reads any JSON or says what is wrong with it', () => {
    const json = fc.record({
      id: fc.jsonValue(),
      title: fc.string(),
      templates: fc.jsonValue(),
      labels: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.oneof(json, fc.jsonValue()), (value) => {
        try {
          const { labels } = parseHeadDefinition(value, 'x.json');
          expect(new Set(labels.map(({ label }) => label)).size).to.equal(labels.length);
        } catch (error) {
          expect(error).to.be.instanceOf(FormatError);
        }
      }),
    );
  });
});

function fieldsOf(json: unknown): string[] {
  try {
    parseHeadDefinition(json, 'x.json');
    return [];
  } catch (error) {
    return (error as FormatError).fields.map(({ field }) => field);
  }
}
