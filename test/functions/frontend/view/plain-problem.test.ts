import { expect } from 'chai';

import { readClassifyOptions } from '../../../../functions/clip/request/classify-options.ts';
import { fromPairs } from '../../../../functions/clip/request/raw-options.ts';
import { inPlainWords, type PlainProblem } from '../../../../functions/frontend/view/plain-problem.ts';
import { authorise } from '../../../../functions/trainer/access/authorise.ts';
import { AppError, quote } from '../../../../shared/core/errors.ts';
import { problemOf } from '../../../../shared/http/problem.ts';
import { tooLarge } from '../../../../shared/http/read-body.ts';
import { readImageHeader } from '../../../../shared/io/image-header.ts';
import { tooManyPixels, tooSlow, undecodable } from '../../../../shared/io/undecodable-image.ts';

const HEIC = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');

/** What a person is told of what the service really throws. */
async function said(work: () => unknown): Promise<PlainProblem> {
  try {
    await work();
  } catch (error) {
    return inPlainWords(problemOf(error));
  }
  throw new Error('Expected an error but there was none.');
}
const fail = (error: AppError) => () => {
  throw error;
};
const ask = (...fields: readonly (readonly [string, string])[]) => {
  return said(() => readClassifyOptions(fromPairs(fields), { maxHeads: 4 }));
};

/** Marks of messages for programs. */
const TECHNICAL = /`|Expected|received|\bbytes\b|Vips|offset|out of range|"|\boption\b|multipart/;

describe('problems in plain words', () => {
  describe('of files', () => {
    const rows: [string, () => unknown, RegExp][] = [
      ['a HEIC photo', () => readImageHeader(HEIC, 1_000), /HEIC photo.*iPhones.*Save it as JPEG/],
      ['a drawing', () => readImageHeader(Buffer.from('<svg xmlns="x"/>'), 1_000), /SVG.*Save it as PNG/],
      ['a text', () => readImageHeader(Buffer.from('Dear reader'), 1_000), /none of JPEG.*Choose a photo/],
      [
        'a JPEG that breaks off',
        fail(undecodable(new Error('VipsJpeg: premature end of JPEG image'), 'jpeg')),
        /cannot be opened.*breaks off.*Get it once more/,
      ],
      [
        'a BMP that is damaged',
        fail(
          undecodable(
            new RangeError('The value of "offset" is out of range. It must be >= 0 and <= 153.'),
            'bmp',
          ),
        ),
        /cannot be opened.*damaged.*save it anew/,
      ],
      [
        'too many pixels',
        fail(tooManyPixels({ width: 9_000, height: 8_000 }, 64e6)),
        /too large.*9000 × 8000 pixels; up to 64 million.*Make it smaller/,
      ],
      ['a picture that takes too long', fail(tooSlow('png', 5_000)), /cannot be opened.*too long/],
      [
        'too many bytes',
        fail(tooLarge('a file in `image`', 10 * 2 ** 20)),
        /too large.*Up to 10.MB can be sent/,
      ],
      [
        'too much at once',
        fail(tooLarge('the request', 16 * 2 ** 20)),
        /too large.*16.MB.*picture and words/,
      ],
    ];
    for (const [name, work, words] of rows) {
      it(name, async () => {
        const { title, detail, advice } = await said(work);
        expect([title, detail, advice].join(' ')).to.match(words).and.not.to.match(TECHNICAL);
      });
    }
  });

  describe('of teaching', () => {
    const rows: [string, Request, RegExp][] = [
      ['a token that is missing', new Request('http://trainer/'), /token is needed.*Whoever runs/],
      [
        'a token that is another one',
        new Request('http://trainer/', { headers: { Authorization: 'Bearer guess' } }),
        /not the token of this service/,
      ],
    ];
    for (const [what, request, expected] of rows) {
      it(`says ${what}`, async () => {
        const { detail } = await said(() => authorise(request, 'the token'));
        expect(detail).to.match(expected).and.not.match(TECHNICAL);
      });
    }
  });

  describe('of questions', () => {
    it('each wrong choice, all together', async () => {
      const { detail } = await ask(['labels', 'a,a'], ['template', 'no place'], ['top', '0'], ['head', 'x']);
      expect(detail)
        .to.contain('“a” stands there twice')
        .and.to.contain('needs {} once')
        .and.to.contain('from 1 to 1,000; “0” is none')
        .and.to.contain('not both');
      expect(detail).not.to.match(TECHNICAL);
    });

    it('too many words, and ones that nobody can see', async () => {
      const many = Array.from({ length: 300 }, (_, at) => `word ${at}`).join(',');
      expect((await ask(['labels', many])).detail).to.equal('Up to 256 words can be asked; these are 300.');
      expect((await ask(['labels', 'a'.repeat(201)])).detail).to.match(
        /cannot be asked. A word has up to 200/,
      );
    });

    it('two things said at once, and what is not known', async () => {
      expect((await ask(['top', '2'], ['top', '3'])).detail).to.contain('two things for “top”');
      expect((await ask(['colour', 'red'])).detail).to.contain('not known: “colour”');
      expect((await ask(['template', 'a {}'])).detail).to.match(/but no word/);
    });

    it('a model and a list that are not there', () => {
      const told = (field: string) =>
        inPlainWords(
          problemOf(
            new AppError('not-found', `Expected one of a, b for \`${field}\` but received ${quote('x')}.`),
          ),
        );
      expect(told('model')).to.deep.include({ title: 'There is no such model' });
      expect(told('head').title).to.equal('There is no such list of labels');
      expect(told('head').detail).to.contain('“x”');
    });
  });

  it('words stay words, and get the advice that belongs to the code', () => {
    const told = { code: 'upstream-timeout', title: 'Too long', detail: 'The classifier took too long.' };
    expect(inPlainWords(told)).to.deep.equal({ title: told.title, detail: told.detail, advice: '' });
    const internal = inPlainWords({ code: 'internal', title: 'Something', detail: 'The call id names it.' });
    expect(internal.advice).to.match(/call id/);
  });
});
