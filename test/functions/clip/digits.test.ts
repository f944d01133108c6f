import { expect } from 'chai';
import { cp } from 'node:fs/promises';
import sharp from 'sharp';
import { drawDigit } from '../../fixtures/drawn-digits.ts';
import { answerOf, expectProblem, form, picture, startClip, type ClipUnderTest } from './harness.ts';

/** A page with one digit for each that is named, side by side. */
async function page(...digits: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
  const tiles = digits.map((digit, index) => {
    const { side, ink } = drawDigit(digit);
    const grey = Uint8Array.from(ink, (share) => 240 - Math.round(220 * share));
    return {
      input: Buffer.from(grey),
      raw: { width: side, height: side, channels: 1 as const },
      left: 20 + 90 * index,
      top: 20,
    };
  });
  const background = { r: 240, g: 240, b: 240 };
  const width = 40 + 90 * Math.max(1, digits.length);
  const sheet = sharp({ create: { width, height: 130, channels: 3, background } }).composite(tiles);
  return new Uint8Array(await sheet.png().toBuffer());
}

interface DigitAnswer {
  readonly head: string;
  readonly model: { id: string };
  readonly predictions: readonly { label: string; score: number }[];
  readonly confident: boolean;
  readonly hint?: string;
}

describe('clip: the head digits', () => {
  let clip: ClipUnderTest;

  const post = async (body: Uint8Array<ArrayBuffer>, query = 'head=digits') =>
    (await (await clip.post(body, `/?${query}`)).json()) as DigitAnswer;
  const encodedPictures = async () => {
    const text = await (await clip.fetch('/metrics')).text();
    return Number(/^clip_batch_images_count (\d+)$/m.exec(text)?.[1]);
  };

  before(async () => {
    clip = await startClip({}, {}, (directory) =>
      cp('models/heads/digits', `${directory}/heads/digits`, { recursive: true }),
    );
  });
  after(() => clip.stop());

  it('reads a digit, and says that its own network did', async () => {
    const answer = await post(await page(7));
    expect(answer.predictions).to.have.length(5);
    expect(answer.predictions[0]).to.include({ label: '7' });
    expect(answer.predictions[0]?.score).to.be.above(0.9);
    expect(answer).to.include({ head: 'digits', confident: true });
    expect(answer.model.id).to.equal('digits');
    expect(answer).to.not.have.property('hint');
  });

  it('runs one network for digits alone, and two where a bundle is asked as well', async () => {
    const before = await encodedPictures();
    await post(await page(2));
    expect(await encodedPictures()).to.equal(before + 1);
    const { results } = await answerOf(await clip.post(await page(3), '/?head=cifar100&head=digits'));
    expect(results.map(({ head, model }) => [head, model.id])).to.deep.equal([
      ['cifar100', 'tiny'],
      ['digits', 'digits'],
    ]);
    expect(results[1]?.predictions[0]?.label).to.equal('3');
    expect(await encodedPictures()).to.equal(before + 3);
  });

  it('remembers a picture for each network by itself', async () => {
    const bytes = await page(4);
    const cacheOf = async (query: string) => (await clip.post(bytes, `/?${query}`)).headers.get('X-Cache');
    expect(await cacheOf('head=digits')).to.equal('miss');
    expect(await cacheOf('head=digits')).to.equal('hit');
    expect(await cacheOf('head=cifar100')).to.equal('miss');
    expect(await cacheOf('head=cifar100&head=digits')).to.equal('hit');
  });

  it('is not confident about several digits, and says why', async () => {
    const answer = await post(await page(4, 2));
    expect(answer.confident).to.equal(false);
    expect(answer.hint).to.match(/^2 digits were found/);
  });

  it('knows nothing of a blank page, and says so', async () => {
    const answer = await post(await page());
    expect(answer.confident).to.equal(false);
    expect(answer.hint).to.match(/^Nothing written was found/);
    expect(answer.predictions.every(({ score }) => score === 0.1)).to.equal(true);
  });

  it('answers several pictures one by one', async () => {
    const body = form([
      ['image', await page(1)],
      ['image', await picture('red')],
      ['image', await page(9)],
    ]);
    const { images } = await answerOf(await clip.post(body, '/?head=digits&top=1'));
    expect(images.map((one) => one.predictions?.[0]?.label)).to.deep.equal(['1', '0', '9']);
    expect(images.map((one) => one.confident)).to.deep.equal([true, false, true]);
  });

  it('stands among the heads, with its labels', async () => {
    const list = (await (await clip.fetch('/heads')).json()) as { heads: { id: string; kind: string }[] };
    expect(list.heads.find(({ id }) => id === 'digits')).to.include({ kind: 'onnx', labelCount: 10 });
    const detail = (await (await clip.fetch('/heads/digits')).json()) as { labels: object[]; model: object };
    expect(detail.model).to.include({ id: 'digits' });
    expect(detail.labels.slice(0, 2)).to.deep.equal([
      { label: '0', seen: true },
      { label: '1', seen: true },
    ]);
  });

  it('has the problems of any head: a picture that cannot be read, a head that is none', async () => {
    await expectProblem(await clip.post(new Uint8Array([1, 2, 3, 4]), '/?head=digits'), 415);
    const problem = await expectProblem(await clip.post(await page(1), '/?head=digit'), 404);
    expect(problem.detail).to.include('digits');
  });
});
