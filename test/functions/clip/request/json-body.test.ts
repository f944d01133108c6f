import { expect } from 'chai';
import { readJsonBody } from '../../../../functions/clip/request/json-body.ts';
import { AppError } from '../../../../shared/core/errors.ts';

const MAX_BYTES = 100;

function read(json: string) {
  return readJsonBody(new TextEncoder().encode(json), new Map(), MAX_BYTES);
}

function expectRefused(json: string, message: RegExp): void {
  expect(() => read(json))
    .to.throw(AppError, message)
    .that.has.property('code', 'bad-request');
}

describe('readJsonBody', () => {
  for (const [name, text] of [
    ['base64', '_-_7'.replace(/_/g, '/').replace(/-/g, '+')],
    ['its URL-safe alphabet', '_-_7'],
    ['lines', '/+\\r\\n /7'],
    ['letters with blanks around each', ' / \\n+\\t/\u00a07 '],
    ['a data URL', 'data:image/png;base64,/+/7'],
    ['a data URL with parameters', 'DATA:image/png;charset=utf-8;BASE64,/+/7'],
  ] as const) {
    it(`takes a picture as ${name}`, () => {
      expect(read(`{"image":"${text}"}`).images).to.deep.equal([Buffer.from([0xff, 0xef, 0xfb])]);
    });
  }

  it('takes padding, with blanks and without', () => {
    for (const text of ['/w==', '/w = \\n=\\n', '/w']) {
      expect(read(`{"image":"${text}"}`).images).to.deep.equal([Buffer.from([0xff])]);
    }
  });

  it('names a picture that is no base64', () => {
    for (const text of ['', ' \\n', '=', ' ==', 'A=A', 'AAA===', 'AA==\\n=', 'AA!A', '\\u0000AAA']) {
      expect(read(`{"image":"${text}"}`).errors.map(({ message }) => message)).to.match(/^Expected base64/);
    }
  });

  it('counts the decoded bytes of a picture', () => {
    const image = (bytes: number) => JSON.stringify({ image: Buffer.alloc(bytes, 1).toString('base64') });
    expect(read(image(MAX_BYTES)).images).to.have.length(1);
    expect(() => read(image(MAX_BYTES + 1))).to.throw(AppError, 'at most 100 bytes');
  });

  it('keeps what it does not know, so that it can be named: `__proto__` as well', () => {
    expect([...read('{"__proto__":"a","constructor":"b"}').options.keys()]).to.deep.equal([
      '__proto__',
      'constructor',
    ]);
  });

  it('takes 256 texts of 1,000 commas', () => {
    const texts = Array<string>(256).fill(','.repeat(1_000));
    expect(read(JSON.stringify({ texts })).texts).to.deep.equal(texts);
  });

  it('refuses an object of 101 members', () => {
    const members = Array.from({ length: 101 }, (_, at) => [`k${at}`, 1]);
    expectRefused(JSON.stringify(Object.fromEntries(members)), /few members/);
  });

  for (const [name, json] of [
    ['members', `{${'"a":1,'.repeat(400_000)}"b":1}`],
    ['lists in lists', '['.repeat(400_000)],
    ['entries', `{"head":[${'1,'.repeat(400_000)}1]}`],
  ] as const) {
    it(`refuses 400,000 ${name} before it parses them`, () => expectRefused(json, /few members/));
  }

  it('refuses what is no object, no JSON, or not UTF-8', () => {
    expectRefused('[]', /JSON object/);
    expectRefused('{', /JSON/);
    const latin1 = Uint8Array.from('{"labels":"caf\xe9"}', (letter) => letter.charCodeAt(0));
    expect(() => readJsonBody(latin1, new Map(), MAX_BYTES)).to.throw(AppError, 'JSON');
  });
});
