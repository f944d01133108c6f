import { expect } from 'chai';
import { createCaches } from '../../../../functions/clip/models/embedding-cache.ts';
import { TextEmbedder } from '../../../../functions/clip/models/text-embedder.ts';
import { AppError } from '../../../../shared/core/errors.ts';
import type { Encoder } from '../../../../shared/io/encoder.ts';

/** An encoder whose embedding of a text is its length, and that notes the texts of each run. */
function embedder(sizes = { cacheBytes: 0, textCacheBytes: 10_000 }, maxQueue = 100) {
  const runs: (readonly string[])[] = [];
  const encoder = {
    bundle: { revision: 'sha256:0' },
    encodeTexts: async (texts: readonly string[]) => {
      runs.push(texts);
      await new Promise((resolve) => setImmediate(resolve));
      return texts.map((text) => Float32Array.of(text.length));
    },
  } as unknown as Encoder;
  return { runs, texts: new TextEmbedder({ encoder, cache: createCaches(sizes).texts, maxQueue }) };
}

const PATIENT = { waitMs: 10_000 };
const lengths = (embeddings: readonly Float32Array[]) => embeddings.map(([first]) => first);

describe('TextEmbedder', () => {
  it('embeds in order, and each text once', async () => {
    const { texts, runs } = embedder();
    expect(lengths(await texts.embed(['a', 'bb', 'ccc'], PATIENT))).to.deep.equal([1, 2, 3]);
    expect(lengths(await texts.embed(['ccc', 'dddd', 'a'], PATIENT))).to.deep.equal([3, 4, 1]);
    expect(runs.flat()).to.deep.equal(['a', 'bb', 'ccc', 'dddd']);
  });

  it('encodes once what two requests ask for at once, and goes on for the one that stays', async () => {
    const { texts, runs } = embedder();
    const busy = texts.embed(['busy'], PATIENT);
    const leaving = new AbortController();
    const left = texts.embed(['a', 'bb'], { ...PATIENT, signal: leaving.signal }).catch(() => 'left');
    const stays = texts.embed(['bb', 'bb'], PATIENT);
    leaving.abort();
    expect(await left).to.equal('left');
    expect(lengths(await stays)).to.deep.equal([2, 2]);
    await busy;
    expect(runs.flat()).to.deep.equal(['busy', 'bb']);
  });

  it('embeds them again where nothing is kept', async () => {
    const { texts, runs } = embedder({ cacheBytes: 0, textCacheBytes: 0 });
    await texts.embed(['a'], PATIENT);
    await texts.embed(['a'], PATIENT);
    expect(runs).to.deep.equal([['a'], ['a']]);
  });

  it('lets a request in after one run of what is done in the background', async () => {
    const { texts, runs } = embedder();
    const many = Array.from({ length: 100 }, (_, at) => `background ${at}`);
    const background = texts.embedInBackground(many);
    await texts.embed(['urgent'], PATIENT);
    const before = runs.findIndex((run) => run.includes('urgent'));
    expect(before).to.be.at.most(2);
    expect(await background).to.have.length(100);
  });

  it('refuses requests while many texts wait, and takes them again afterwards', async () => {
    const { texts } = embedder(undefined, 20);
    const large = Array.from({ length: 200 }, (_, at) => `label ${at}`);
    const first = texts.embed(large, PATIENT);
    const refused: unknown = await texts.embed(['one more'], PATIENT).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(AppError).and.to.include({ code: 'busy', retryAfterSeconds: 2 });
    expect(await first).to.have.length(200);
    expect(await texts.embed(['one more'], PATIENT)).to.have.length(1);
  });
});
