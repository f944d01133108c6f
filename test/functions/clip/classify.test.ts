import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { answerOf, form, picture, problemOf, startClip, type ClipUnderTest } from './harness.ts';

describe('clip: POST /', () => {
  let clip: ClipUnderTest;
  let red: Uint8Array<ArrayBuffer>;
  let blue: Uint8Array<ArrayBuffer>;

  before(async () => {
    clip = await startClip({}, { noneThreshold: 0.9 });
    red = await picture('red');
    blue = await picture('blue', { width: 60, height: 20, format: 'jpeg' });
  });
  after(() => clip.stop());

  it('answers one picture and one head in the shape of the contract', async () => {
    const response = await clip.post(red);
    expect(response.status).to.equal(200);
    const answer = await answerOf(response);
    expect(answer.head).to.equal('cifar100');
    expect(answer.version).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(answer.model.id).to.equal('tiny');
    expect(answer.image).to.deep.equal({
      sha256: createHash('sha256').update(red).digest('hex'),
      width: 40,
      height: 30,
      format: 'png',
    });
    expect(answer.predictions.map(({ label }) => label)).to.deep.equal(['red', 'green', 'blue']);
    // Cosines 1, 0, 0 at a scale of 10: the softmax is e¹⁰ / (e¹⁰ + 2) and 1 / (e¹⁰ + 2).
    expect(answer.predictions[0]?.score).to.be.closeTo(0.999909, 1e-5);
    expect(answer.predictions[0]?.similarity).to.be.closeTo(1, 1e-5);
    expect(answer.predictions[2]?.score).to.be.closeTo(0.000045, 1e-5);
    expect(answer.predictions[2]?.similarity).to.be.closeTo(0, 1e-5);
    expect(answer.confident).to.equal(true);
  });

  for (const type of [
    'image/png',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json',
    'nonsense',
  ]) {
    it(`takes raw bytes that call themselves ${type}`, async () => {
      const response = await clip.post(red, '/', { 'Content-Type': type });
      expect((await answerOf(response)).predictions[0]?.label).to.equal('red');
    });
  }

  it('takes a form with one picture, and answers like raw bytes', async () => {
    const raw = await answerOf(await clip.post(red, '/?top=1'));
    const inForm = await answerOf(
      await clip.post(
        form([
          ['image', red],
          ['top', '1'],
        ]),
      ),
    );
    expect(inForm).to.deep.equal(raw);
  });

  it('takes base64 in JSON, with and without line breaks, URL-safe, and as a data URL', async () => {
    const base64 = Buffer.from(red).toString('base64');
    const raw = await answerOf(await clip.post(red, '/?top=2'));
    const url = Buffer.from(red).toString('base64url');
    for (const image of [
      base64,
      base64.replace(/(.{20})/g, '$1\r\n'),
      url,
      `data:image/png;base64,${base64}`,
    ]) {
      const body = JSON.stringify({ image, top: 2 });
      const response = await clip.post(body, '/', { 'Content-Type': 'application/json; charset=utf-8' });
      expect(await answerOf(response)).to.deep.equal(raw);
    }
  });

  it('answers several heads out of one encoding', async () => {
    const fresh = await picture({ r: 250, g: 1, b: 2 });
    const response = await clip.post(fresh, '/?head=cifar100&head=warm&top=1');
    const { results } = await answerOf(response);
    expect(results.map(({ head, predictions }) => [head, predictions[0]?.label])).to.deep.equal([
      ['cifar100', 'red'],
      ['warm', 'warm'],
    ]);
    expect(response.headers.get('X-Cache')).to.equal('miss');
    expect(response.headers.get('Server-Timing')?.match(/encode/g)).to.have.length(1);
  });

  it('answers several pictures, each with a result or a problem of its own', async () => {
    const body = form([
      ['image', red],
      ['image', new Uint8Array(Buffer.from('no picture at all'))],
      ['image', new Uint8Array()],
      ['image', blue],
    ]);
    const response = await clip.post(body, '/?top=1');
    expect(response.status).to.equal(200);
    const { images } = await answerOf(response);
    expect(images.map((image) => image.predictions?.[0]?.label ?? image.status)).to.deep.equal([
      'red',
      415,
      400,
      'blue',
    ]);
    expect(response.headers.get('X-Cache')).to.match(/^(hit|miss), none, none, (hit|miss)$/);
  });

  it('answers several pictures with several heads', async () => {
    const { images } = await answerOf(
      await clip.post(
        form([
          ['image', red],
          ['image', blue],
          ['head', 'warm'],
          ['head', 'cifar100'],
        ]),
      ),
    );
    expect(
      images.map(({ results }) => results?.map(({ predictions }) => predictions[0]?.label)),
    ).to.deep.equal([
      ['warm', 'red'],
      ['blue', 'blue'],
    ]);
  });

  it('reports the size after EXIF orientation, and the format by signature', async () => {
    const { image } = await answerOf(await clip.post(blue, '/', { 'Content-Type': 'image/gif' }));
    expect(image).to.include({ width: 60, height: 20, format: 'jpeg' });
  });

  it('says when none of the labels fits', async () => {
    const grey = await picture({ r: 128, g: 128, b: 128 });
    const answer = await answerOf(await clip.post(grey));
    expect(answer.confident).to.equal(false);
    expect(answer.predictions[0]?.similarity).to.be.closeTo(1 / Math.sqrt(3), 1e-3);
  });

  describe('own labels', () => {
    const labelsOf = async (response: Response) => {
      const { head, predictions } = await answerOf(response);
      expect(head).to.equal('labels');
      return predictions.map(({ label }) => label);
    };

    it('are separated by commas in the query', async () => {
      expect(await labelsOf(await clip.post(red, '/?labels=blue,%20red%20,zebra'))).to.deep.equal([
        'red',
        'blue',
        'zebra',
      ]);
    });

    it('may hold commas where each has a field of its own, or in JSON', async () => {
      const expected = ['red, of all', 'blue'];
      expect(
        await labelsOf(
          await clip.post(
            form([
              ['image', red],
              ['labels', 'red, of all'],
              ['labels', 'blue'],
            ]),
          ),
        ),
      ).to.deep.equal(expected);
      const image = Buffer.from(red).toString('base64');
      const body = JSON.stringify({ image, labels: expected });
      expect(
        await labelsOf(await clip.post(body, '/', { 'Content-Type': 'application/json' })),
      ).to.deep.equal(expected);
    });

    it('stand in the template that is given', async () => {
      const template = encodeURIComponent('the colour red and {}');
      const { predictions } = await answerOf(await clip.post(red, `/?labels=green&template=${template}`));
      // red + <unk> (for "and") + green: 1 / √3 of it is red.
      expect(predictions[0]?.similarity).to.be.closeTo(1 / Math.sqrt(3), 1e-5);
    });

    it('may be as many as there are allowed, without a word from Node about a leak', async () => {
      const warnings: Error[] = [];
      const note = (warning: Error) => warnings.push(warning);
      process.on('warning', note);
      const labels = Array.from({ length: 256 }, (_, at) => `leak ${at}`).join(',');
      expect((await clip.post(red, `/?labels=${labels}`)).status).to.equal(200);
      await new Promise((resolve) => setImmediate(resolve));
      process.off('warning', note);
      expect(warnings).to.deep.equal([]);
    });

    it('may be any printable text', async () => {
      const labels = ['Füchse 🦊', 'кошка', '<b>red</b>', "'; DROP TABLE --", '__proto__'];
      const path = `/?${new URLSearchParams({ labels: labels.join(',') }).toString()}`;
      expect(await labelsOf(await clip.post(red, path))).to.have.members(labels);
    });
  });

  describe('cache', () => {
    it('answers the same bytes again without decoding or encoding, and says so', async () => {
      const bytes = await picture({ r: 9, g: 200, b: 9 });
      const first = await clip.post(bytes);
      const second = await clip.post(bytes);
      expect(first.headers.get('X-Cache')).to.equal('miss');
      expect(first.headers.get('Server-Timing')).to.match(
        /^queue;dur=[\d.]+, decode;dur=[\d.]+, encode;dur=[\d.]+, head;dur=[\d.]+$/,
      );
      expect(second.headers.get('X-Cache')).to.equal('hit');
      expect(second.headers.get('Server-Timing')).to.match(/^head;dur=[\d.]+$/);
      expect(await second.json()).to.deep.equal(await first.json());
    });

    it('encodes a picture that comes twice at the same time once', async () => {
      const bytes = await picture({ r: 9, g: 9, b: 201 });
      const responses = await Promise.all([clip.post(bytes), clip.post(bytes), clip.post(bytes)]);
      expect(responses.map((response) => response.headers.get('X-Cache')).sort()).to.deep.equal([
        'miss',
        'shared',
        'shared',
      ]);
      const [first, ...others] = await Promise.all(responses.map((response) => response.json()));
      for (const other of others) expect(other).to.deep.equal(first);
    });

    it('keeps nothing where it is switched off', async () => {
      const uncached = await startClip({ cache_bytes: '0', text_cache_bytes: '0' });
      try {
        const responses = [await uncached.post(red), await uncached.post(red)];
        expect(responses.map(({ headers }) => headers.get('X-Cache'))).to.deep.equal(['miss', 'miss']);
      } finally {
        await uncached.stop();
      }
    });
  });

  it('keeps the call id that it was given, and makes one where there is none', async () => {
    expect((await clip.post(red, '/', { 'X-Call-Id': 'mine-1' })).headers.get('X-Call-Id')).to.equal(
      'mine-1',
    );
    expect((await clip.post(red)).headers.get('X-Call-Id')).to.match(/^[0-9a-f-]{36}$/);
    const problem = await problemOf(await clip.post('x', '/', { 'X-Call-Id': 'mine-2' }));
    expect(problem.callId).to.equal('mine-2');
  });

  it('says on an empty or blank body that an image is missing, and is warm by then', async () => {
    const cold = await startClip();
    try {
      const response = await cold.post('\n', '/', { 'Content-Type': 'text/plain' });
      expect(response.status).to.equal(400);
      expect((await problemOf(response)).detail).to.contain('Expected an image');
      expect(cold.served.ready()).to.equal(true);
    } finally {
      await cold.stop();
    }
  });
});
