import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { expectProblem, form, picture, startClip, type ClipUnderTest } from './harness.ts';

interface Embeddings {
  readonly model: { id: string; revision: string };
  readonly embeddings: readonly { sha256: string; values: readonly number[]; status?: number }[];
}

const embeddingsOf = async (response: Response) => (await response.json()) as Embeddings;
const json = { 'Content-Type': 'application/json' };

describe('clip: POST /embed', () => {
  let clip: ClipUnderTest;
  let red: Uint8Array<ArrayBuffer>;

  before(async () => {
    clip = await startClip();
    red = await picture('red');
  });
  after(() => clip.stop());

  it('embeds one picture', async () => {
    const { model, embeddings } = await embeddingsOf(await clip.post(red, '/embed'));
    expect(model.id).to.equal('tiny');
    expect(embeddings).to.have.length(1);
    expect(embeddings[0]?.sha256).to.equal(createHash('sha256').update(red).digest('hex'));
    for (const [at, value] of [1, 0, 0, 0].entries())
      expect(embeddings[0]?.values[at]).to.be.closeTo(value, 1e-5);
  });

  it('embeds several pictures, and has a problem in the place of a bad one', async () => {
    const body = form([
      ['image', red],
      ['image', new Uint8Array([1, 2, 3])],
      ['image', await picture('blue')],
    ]);
    const { embeddings } = await embeddingsOf(await clip.post(body, '/embed'));
    expect(embeddings.map(({ values, status }) => status ?? Math.round(values[2] ?? NaN))).to.deep.equal([
      0, 415, 1,
    ]);
  });

  it('shares its cache with classification', async () => {
    const bytes = await picture({ r: 3, g: 100, b: 7 });
    expect((await clip.post(bytes)).headers.get('X-Cache')).to.equal('miss');
    expect((await clip.post(bytes, '/embed')).headers.get('X-Cache')).to.equal('hit');
  });

  it('embeds texts, told apart by the hash of their UTF-8', async () => {
    const texts = ['red', 'Grün', 'a photo of a blue'];
    const { embeddings } = await embeddingsOf(await clip.post(JSON.stringify({ texts }), '/embed', json));
    expect(embeddings.map(({ values }) => values)).to.deep.equal([
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 1, 0],
    ]);
    expect(embeddings[1]?.sha256).to.equal(createHash('sha256').update('Grün').digest('hex'));
  });

  const refused: readonly [what: string, body: object, field: string][] = [
    ['texts that are none', { texts: ['red', 7, '', ' '] }, 'texts[1]'],
    ['no texts at all', { texts: [] }, 'texts'],
    ['257 texts', { texts: Array.from({ length: 257 }, (_, at) => `text ${at}`) }, 'texts'],
    ['a text of 1001 characters', { texts: ['x'.repeat(1_001)] }, 'texts[0]'],
    ['texts that are no list', { texts: 'red' }, 'texts'],
    ['texts beside an image', { texts: ['red'], image: 'AAAA' }, 'texts'],
    ['options of a classification', { texts: ['red'], top: 3 }, 'top'],
    ['neither texts nor an image', {}, 'image'],
  ];
  for (const [what, body, field] of refused) {
    it(`refuses ${what}`, async () => {
      const problem = await expectProblem(await clip.post(JSON.stringify(body), '/embed', json), 400);
      expect(problem.errors.map((error) => error.field)).to.include(field);
    });
  }

  it('names every text that is wrong', async () => {
    const body = JSON.stringify({ texts: ['red', 7, '', ' '] });
    const problem = await expectProblem(await clip.post(body, '/embed', json), 400);
    expect(problem.errors).to.have.length(3);
  });

  it('refuses a single bad picture with its own status', async () => {
    await expectProblem(await clip.post('words', '/embed'), 415);
  });
});
