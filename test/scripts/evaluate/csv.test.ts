import { expect } from 'chai';
import fc from 'fast-check';
import { parseCsv } from '../../../scripts/evaluate/csv.ts';

describe('parseCsv', () => {
  it('reads rows by their columns, empty cells absent', () => {
    expect(parseCsv('File,Label,wnid\na.jpg, cat ,n1\nb.jpg,dog,\n')).to.deep.equal([
      { file: 'a.jpg', label: 'cat', wnid: 'n1' },
      { file: 'b.jpg', label: 'dog' },
    ]);
  });

  it('reads quotes, commas and line ends in them, and Windows line ends', () => {
    expect(parseCsv('\uFEFFfile,names\r\n"a,1.jpg","say ""hi"",\nyou"\r\n\r\n')).to.deep.equal([
      { file: 'a,1.jpg', names: 'say "hi",\nyou' },
    ]);
  });

  it('reads a header alone as no rows', () => expect(parseCsv('file,label')).to.deep.equal([]));

  const refused: [string, string, RegExp][] = [
    ['nothing', '', /a header line/],
    ['a row of another length', 'a,b\n1,2\n3\n', /2 cells in row 3 but received 1/],
    ['an open quote', 'a\n"b', /a closing quote/],
  ];
  for (const [what, text, message] of refused) {
    it(`refuses ${what}`, () => expect(() => parseCsv(text)).to.throw(message));
  }

  it('reads back whatever was written', () => {
    const cell = fc.string({ minLength: 1, maxLength: 12 }).map((text) => `x${text.replaceAll('\r', '')}y`);
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), (rows) => {
        const quoted = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
        const read = parseCsv(['a,b', ...quoted].join('\n'));
        expect(read.map(({ a, b }) => [a, b])).to.deep.equal(rows);
      }),
    );
  });
});
