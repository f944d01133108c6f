import { expect } from 'chai';
import { AppError } from '../../../shared/core/errors.ts';
import { isMultipart, readMultipart, type Form, type FormLimits } from '../../../shared/http/multipart.ts';

const LIMITS: FormLimits = {
  maxFileBytes: 1_000,
  maxRequestBytes: 20_000,
  maxFiles: 3,
  maxFields: 5,
  maxFieldBytes: 100,
};

const formRequest = (form: FormData) => new Request('http://h/', { method: 'POST', body: form });

/** A form written by hand, for what no well-behaved client sends. */
function rawForm(text: string, contentType = 'multipart/form-data; boundary=b') {
  const body = text.replaceAll('\n', '\r\n');
  return new Request('http://h/', { method: 'POST', body, headers: { 'Content-Type': contentType } });
}

const part = (disposition: string, value: string) =>
  `--b\nContent-Disposition: form-data; ${disposition}\n\n${value}\n`;

/** The same, arriving in pieces of so many bytes. */
function inPieces(text: string, pieceBytes: number) {
  const bytes = Buffer.from(text.replaceAll('\n', '\r\n'));
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(at, (at += pieceBytes)));
    },
  });
  const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
  return new Request('http://h/', { method: 'POST', body, duplex: 'half', headers });
}

async function refusal(promise: Promise<Form>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`Expected an AppError but received ${String(error)}`);
  return error;
}

const file = (bytes: number, value = 1) =>
  new File([new Uint8Array(bytes).fill(value)], 'käse.jpg', { type: 'image/jpeg' });

describe('readMultipart', () => {
  it('reads files and fields in order, repeats and all', async () => {
    const form = new FormData();
    form.append('head', 'cifar100');
    form.append('image', file(3));
    form.append('head', 'cat-dog');
    form.append('image', file(2, 9));
    const { files, fields } = await readMultipart(formRequest(form), LIMITS);
    expect(fields).to.deep.equal([
      ['head', 'cifar100'],
      ['head', 'cat-dog'],
    ]);
    expect(files).to.deep.equal([
      { field: 'image', filename: 'käse.jpg', mimeType: 'image/jpeg', bytes: new Uint8Array([1, 1, 1]) },
      { field: 'image', filename: 'käse.jpg', mimeType: 'image/jpeg', bytes: new Uint8Array([9, 9]) },
    ]);
  });

  it('takes a file of exactly the limit', async () => {
    const form = new FormData();
    form.append('image', file(1_000));
    const { files } = await readMultipart(formRequest(form), LIMITS);
    expect(files[0]?.bytes).to.have.length(1_000);
    expect(files[0]).to.not.have.property('error');
  });

  it('marks a file one byte over the limit, and reads the others', async () => {
    const form = new FormData();
    form.append('image', file(1_001));
    form.append('image', file(4));
    form.append('top', '3');
    const { files, fields } = await readMultipart(formRequest(form), LIMITS);
    expect(files[0]?.error?.code).to.equal('body-too-large');
    expect(files[0]?.error?.message).to.contain('1000 bytes');
    expect(files[0]?.bytes).to.have.length(0);
    expect(files[1]?.bytes).to.have.length(4);
    expect(fields).to.deep.equal([['top', '3']]);
  });

  it('takes as many files and fields as may be', async () => {
    const text = part('name="image"; filename="a"', '1').repeat(3) + part('name="head"', 'x').repeat(5);
    const { files, fields } = await readMultipart(rawForm(`${text}--b--\n`), LIMITS);
    expect([files.length, fields.length]).to.deep.equal([3, 5]);
  });

  it('lets files pass by that its consumer does not keep', async () => {
    const form = new FormData();
    for (const size of [10, 900, 20]) form.append('image', file(size));
    const keepFile = ({ index }: { index: number }) => index === 0;
    const { files } = await readMultipart(formRequest(form), { ...LIMITS, keepFile });
    expect(files.map((kept) => kept.bytes.length)).to.deep.equal([10]);
  });

  it('keeps names that an object could not', async () => {
    const { fields } = await readMultipart(
      rawForm(`${part('name="__proto__"', 'x')}${part('name="constructor"', 'y')}--b--\n`),
      LIMITS,
    );
    expect(fields).to.deep.equal([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(({} as { x?: unknown }).x).to.equal(undefined);
  });

  it('reads a file that comes without a name or a field', async () => {
    const text =
      '--b\nContent-Disposition: form-data\nContent-Type: application/octet-stream\n\nabc\n--b--\n';
    const { files } = await readMultipart(rawForm(text), LIMITS);
    expect(files.map(({ field, filename }) => [field, filename])).to.deep.equal([['', '']]);
  });

  const malformed: readonly [what: string, request: () => Request, message: RegExp][] = [
    ['no boundary', () => rawForm('--b--\n', 'multipart/form-data'), /Boundary not found/],
    ['an empty body', () => rawForm(''), /Unexpected end/],
    [
      'another boundary',
      () => rawForm(`${part('name="a"', '1')}--b--\n`, 'multipart/form-data; boundary=c'),
      /Unexpected end/,
    ],
    [
      'a form that breaks off within a file',
      () => rawForm('--b\nContent-Disposition: form-data; name="image"; filename="a"\n\nabc'),
      /Unexpected end/,
    ],
    ['a header that is none', () => rawForm('--b\n\0\0\0\n\nx\n--b--\n'), /Malformed part header/],
    [
      'a header of 20 kB',
      () => rawForm(`--b\nX-${'a'.repeat(19_000)}: 1\n\nx\n--b--\n`),
      /Malformed part header/,
    ],
    [
      'a field name of 101 characters',
      () => rawForm(`${part(`name="${'n'.repeat(101)}"`, '1')}--b--\n`),
      /100 characters/,
    ],
    [
      'a field value over its limit',
      () => rawForm(`${part('name="labels"', 'x'.repeat(101))}--b--\n`),
      /100 bytes for form field "labels"/,
    ],
    ['six fields', () => rawForm(`${part('name="a"', '1').repeat(6)}--b--\n`), /at most 5 form fields/],
    [
      'four files',
      () => rawForm(`${part('name="image"; filename="a"', '1').repeat(4)}--b--\n`),
      /at most 3 files/,
    ],
    ['nine parts without a name', () => rawForm(`${'--b\nX: 1\n\nx\n'.repeat(9)}--b--\n`), /at most 8 parts/],
  ];
  for (const [what, request, message] of malformed) {
    it(`refuses ${what}`, async () => {
      const error = await refusal(readMultipart(request(), LIMITS));
      expect(error.code).to.equal('bad-request');
      expect(error.message).to.match(message);
    });
  }

  for (const charset of ['utf-16', 'shift_jis', 'none']) {
    it(`refuses a field in ${charset}, of which nothing could be read`, async () => {
      const field = part(`name="labels"\nContent-Type: text/plain; charset=${charset}`, 'a,b');
      const error = await refusal(readMultipart(rawForm(`${field}--b--\n`), LIMITS));
      expect(error).to.include({ code: 'bad-request' });
      expect(error.message).to.equal(
        'Expected form field "labels" as UTF-8 but received it in another charset.',
      );
    });
  }

  it('takes a field that says it is UTF-8', async () => {
    const field = part('name="labels"\nContent-Type: text/plain; charset=UTF-8', 'käse');
    const { fields } = await readMultipart(rawForm(`${field}--b--\n`), LIMITS);
    expect(fields).to.deep.equal([['labels', 'käse']]);
  });

  it('outlives a form that is malformed in several places, whatever else arrives after the first', async () => {
    const endless = `--b\nX-${'a'.repeat(18_000)}`;
    for (const text of [`${endless}: 1\n\nx\n--b--\n`, '--b\n\0\n\nx\n'.repeat(50), endless]) {
      const error = await refusal(readMultipart(inPieces(text, 100), LIMITS));
      expect([error.code, error.message]).to.deep.equal([
        'bad-request',
        'Expected a well-formed multipart form but received one with: Malformed part header.',
      ]);
    }
  });

  it('takes no more in once a part was malformed', async () => {
    let admitted = 0;
    const admit = (bytes: number) => (admitted += bytes);
    const error = await refusal(
      readMultipart(inPieces('--b\n\0\n\nx\n'.repeat(1_000), 100), { ...LIMITS, admit }),
    );
    expect(error.message).to.contain('Malformed part header');
    expect(admitted).to.be.at.most(200);
  });

  it('refuses a form over the request limit as too large', async () => {
    const form = new FormData();
    for (let index = 0; index < 3; index += 1) form.append('image', file(900));
    const error = await refusal(readMultipart(formRequest(form), { ...LIMITS, maxRequestBytes: 2_000 }));
    expect(error.code).to.equal('body-too-large');
  });

  it('passes on that there is no room for more bytes', async () => {
    const form = new FormData();
    form.append('image', file(900));
    const admit = () => {
      throw new AppError('busy', 'Full.');
    };
    const error = await refusal(readMultipart(formRequest(form), { ...LIMITS, admit }));
    expect(error.code).to.equal('busy');
  });

  it('reads a form whose boundary is cut by chunk ends everywhere', async () => {
    const text = `${part('name="image"; filename="a"', 'one\n--not')}${part('name="top"', '2')}--b--\n`;
    const request = inPieces(text, 1);
    const { files, fields } = await readMultipart(request, LIMITS);
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).to.equal('one\r\n--not');
    expect(fields).to.deep.equal([['top', '2']]);
  });
});

describe('isMultipart', () => {
  it('goes by the media type alone', () => {
    const typed = (type: string) => new Request('http://h/', { headers: { 'Content-Type': type } });
    expect(isMultipart(typed('Multipart/Form-Data; boundary=b'))).to.equal(true);
    expect(isMultipart(typed('multipart/form-data'))).to.equal(true);
    expect(isMultipart(typed('multipart/form-database'))).to.equal(false);
    expect(isMultipart(typed('application/x-www-form-urlencoded'))).to.equal(false);
    expect(isMultipart(new Request('http://h/'))).to.equal(false);
  });
});
