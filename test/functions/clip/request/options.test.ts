import { expect } from 'chai';
import fc from 'fast-check';
import { readClassifyOptions } from '../../../../functions/clip/request/classify-options.ts';
import { fromJson, fromPairs, mergeOptions } from '../../../../functions/clip/request/raw-options.ts';
import { AppError, type FieldError } from '../../../../shared/core/errors.ts';

type Pairs = readonly (readonly [string, string])[];

/** Options of a query and of form fields, read together. */
function read(query: Pairs, fields: Pairs = []) {
  const errors: FieldError[] = [];
  const raw = mergeOptions(fromPairs(query), fromPairs(fields), errors);
  return readClassifyOptions(raw, { maxHeads: 3, errors });
}

function readJson(members: Record<string, unknown>, query: Pairs = []) {
  const errors: FieldError[] = [];
  const raw = mergeOptions(fromPairs(query), fromJson(members, errors), errors);
  return readClassifyOptions(raw, { maxHeads: 3, errors });
}

function fieldsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-request')
      return error.fields.map(({ field }) => field);
    throw error;
  }
  return [];
}

describe('readClassifyOptions', () => {
  it('has defaults for all', () => {
    expect(read([])).to.deep.equal({ heads: [], ownLabels: undefined, top: 5, model: undefined });
  });

  it('reads heads in order, each once', () => {
    expect(
      read([
        ['head', 'b'],
        ['head', 'a'],
        ['head', 'b'],
      ]).heads,
    ).to.deep.equal(['b', 'a']);
  });

  it('reads a name that stands 60,000 times without copying them each time', () => {
    const pairs = Array.from({ length: 60_000 }, (_, at) => ['head', `h${at % 3}`] as const);
    expect(read(pairs).heads).to.deep.equal(['h0', 'h1', 'h2']);
  });

  it('names two of a thousand values for one option, and how many more there are', () => {
    const pairs = Array.from({ length: 1_000 }, (_, at) => ['top', String(at + 1)] as const);
    expect(() => read(pairs)).to.throw(AppError, '"1" and "2" and 998 more.');
  });

  it('takes the same value from both places', () => {
    expect(
      read(
        [
          ['top', '3'],
          ['head', 'a'],
        ],
        [
          ['head', 'a'],
          ['top', '3'],
        ],
      ),
    ).to.include({ top: 3 });
  });

  it('takes JSON numbers and lists', () => {
    const options = readJson({ top: 7, head: ['a', 'b'], model: 'm' });
    expect(options).to.deep.include({ top: 7, heads: ['a', 'b'], model: 'm' });
  });

  const labelsOf = (options: ReturnType<typeof read>) => options.ownLabels?.labels.map(({ label }) => label);

  it('splits labels at commas where they are one value, and only there', () => {
    expect(labelsOf(read([['labels', ' a, b ,c']]))).to.deep.equal(['a', 'b', 'c']);
    expect(
      labelsOf(
        read(
          [],
          [
            ['labels', 'a, b'],
            ['labels', 'c'],
          ],
        ),
      ),
    ).to.deep.equal(['a, b', 'c']);
    expect(labelsOf(readJson({ labels: ['a, b'] }))).to.deep.equal(['a, b']);
    expect(labelsOf(readJson({ labels: 'a, b' }))).to.deep.equal(['a', 'b']);
  });

  for (const top of [
    '0',
    '-1',
    '1001',
    '1e9',
    '1e2',
    'NaN',
    'Infinity',
    '2.5',
    '',
    ' 3',
    '0x10',
    '９',
    '99999999999999999999',
  ]) {
    it(`refuses top=${JSON.stringify(top)}`, () => {
      expect(fieldsOf(() => read([['top', top]]))).to.deep.equal(['top']);
    });
  }

  const refused: readonly [what: string, query: Pairs, fields: readonly string[]][] = [
    ['257 labels', [['labels', Array.from({ length: 257 }, (_, at) => at).join(',')]], ['labels']],
    ['a label with a control character', [['labels', 'a\u0007,b']], ['labels']],
    ['a label with NUL', [['labels', 'a\0']], ['labels']],
    ['an empty label', [['labels', 'a,,b']], ['labels']],
    ['a label of 201 characters', [['labels', 'x'.repeat(201)]], ['labels']],
    [
      'a template without {}',
      [
        ['labels', 'a'],
        ['template', 'a photo'],
      ],
      ['template'],
    ],
    [
      'a template with two {}',
      [
        ['labels', 'a'],
        ['template', '{} and {}'],
      ],
      ['template'],
    ],
    ['a template alone', [['template', 'a {}']], ['template']],
    [
      'labels and a head',
      [
        ['labels', 'a'],
        ['head', 'b'],
      ],
      ['labels'],
    ],
    ['four heads where three may be', ['a', 'b', 'c', 'd'].map((head) => ['head', head] as const), ['head']],
    [
      'two models',
      [
        ['model', 'a'],
        ['model', 'b'],
      ],
      ['model'],
    ],
    [
      'names of a prototype',
      [
        ['__proto__', '1'],
        ['constructor', '1'],
        ['toString', '1'],
      ],
      ['__proto__', 'constructor', 'toString'],
    ],
  ];
  for (const [what, query, fields] of refused) {
    it(`refuses ${what}`, () => {
      expect(fieldsOf(() => read(query))).to.deep.equal(fields);
    });
  }

  it('refuses what stands in both places and differs', () => {
    expect(fieldsOf(() => read([['top', '3']], [['top', '4']]))).to.deep.equal(['top']);
    expect(fieldsOf(() => read([['labels', 'a,b']], [['labels', 'a']]))).to.deep.equal(['labels']);
    expect(fieldsOf(() => readJson({ top: 3 }, [['top', '4']]))).to.deep.equal(['top']);
  });

  it('refuses JSON of other kinds, naming each member', () => {
    expect(fieldsOf(() => readJson({ top: {}, head: [['a']], model: null, labels: true }))).to.have.members([
      'top',
      'head',
      'model',
      'labels',
    ]);
  });

  it('either reads any options at all or says what is wrong with them', () => {
    const name = fc.constantFrom('head', 'top', 'labels', 'template', 'model', '__proto__', 'x');
    const pairs = fc.array(fc.tuple(name, fc.string({ unit: 'binary' })), { maxLength: 6 });
    fc.assert(
      fc.property(pairs, pairs, (query, fields) => {
        const wrong = fieldsOf(() => {
          const { top, heads } = read(query, fields);
          expect(top).to.be.within(1, 1_000);
          expect(heads.length).to.be.at.most(3);
        });
        for (const field of wrong) expect([...query, ...fields].map(([given]) => given)).to.include(field);
      }),
    );
  });
});
