import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { readMultipart } from '../../shared/http/multipart.ts';
import { countRefusals, uniqueForm, uniquePicture, withComment } from '../../artillery/pictures.mjs';

const sample = 'functions/frontend/assets/samples/two-dogs.jpg';

describe('the load tests’ pictures', () => {
  it('differ in every byte sequence and in no pixel', async () => {
    const jpeg = await readFile(sample);
    const [one, two] = [withComment(jpeg), withComment(jpeg)];
    expect(one.equals(two)).to.equal(false);
    const [before, after] = await Promise.all([jpeg, one].map((bytes) => sharp(bytes).raw().toBuffer()));
    expect(after?.equals(before ?? Buffer.alloc(0))).to.equal(true);
  });

  it('go out raw, with their type', async () => {
    const request: { body?: Buffer; headers?: Record<string, string> } = { headers: { accept: '*/*' } };
    await uniquePicture(request);
    expect(request.headers).to.deep.equal({ accept: '*/*', 'content-type': 'image/jpeg' });
    expect((await sharp(request.body).metadata()).format).to.equal('jpeg');
  });

  it('go out as a form that holds one image', async () => {
    const request: { body?: Buffer; headers?: Record<string, string> } = {};
    await uniqueForm(request);
    const init = { method: 'POST', body: new Uint8Array(request.body ?? []), headers: request.headers ?? {} };
    const maxima = { maxFileBytes: 2 ** 20, maxRequestBytes: 2 ** 20, maxFieldBytes: 100 };
    const form = await readMultipart(new Request('http://127.0.0.1/', init), {
      ...maxima,
      maxFiles: 2,
      maxFields: 1,
    });
    expect(form.files.map(({ field }) => field)).to.deep.equal(['image']);
    expect((await sharp(form.files[0]?.bytes).metadata()).format).to.equal('jpeg');
  });

  it('count what comes back: refusals, and those that do not say when to come back', async () => {
    const counts: Record<string, number> = {};
    const emit = (_kind: 'counter', name: string, value: number) => {
      counts[name] = (counts[name] ?? 0) + value;
    };
    const answer = (statusCode: number, headers = {}) =>
      countRefusals({}, { statusCode, headers }, {}, { emit });
    await answer(200);
    expect(counts).to.deep.equal({ 'refused.429': 0, 'refused.without_retry_after': 0 });
    await answer(429, { 'retry-after': '1' });
    await answer(429);
    expect(counts).to.deep.equal({ 'refused.429': 2, 'refused.without_retry_after': 1 });
  });
});
