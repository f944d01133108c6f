import { rm, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import type { Encoder } from '../../../shared/io/encoder.ts';
import { startEncoder } from '../../../shared/io/onnx-encoder.ts';
import {
  makeTinyModels,
  TINY_SIDE,
  writeTinyBundle,
  type TinyBundleOptions,
  type TinyModels,
} from '../../fixtures/tiny-bundle.ts';

const picture = (...rgb: readonly [number, number, number]) =>
  new Uint8Array(TINY_SIDE * TINY_SIDE * 3).map((_, at) => rgb[at % 3] ?? 0);

const close = (actual: Float32Array | undefined, expected: readonly number[]) => {
  expect(actual).to.have.length(expected.length);
  for (const [at, value] of expected.entries()) expect(actual?.[at]).to.be.closeTo(value, 1e-6);
};

describe('startEncoder', () => {
  let models: TinyModels;
  const started: Encoder[] = [];

  async function encoderOf(options: TinyBundleOptions = {}): Promise<Encoder> {
    const encoder = await startEncoder(await readBundle(await writeTinyBundle(models.directory, options)), {
      threads: 1,
    });
    started.push(encoder);
    return encoder;
  }

  before(async () => {
    models = await makeTinyModels();
  });
  after(() => models.remove());
  afterEach(async () => {
    for (const encoder of started.splice(0)) await encoder.close();
  });

  it('gives one normalised embedding for each picture of a batch, in order', async () => {
    const encoder = await encoderOf();
    const pictures = [picture(200, 0, 0), picture(0, 30, 40), picture(0, 0, 1)];
    const embeddings = await encoder.encodeImages(pictures);
    expect(embeddings).to.have.length(3);
    close(embeddings[0], [1, 0, 0, 0]);
    close(embeddings[1], [0, 0.6, 0.8, 0]);
    close(embeddings[2], [0, 0, 1, 0]);
    expect(pictures[0], 'the caller keeps its pixels').to.deep.equal(picture(200, 0, 0));
  });

  it('gives the same for a picture alone as in a batch', async () => {
    const encoder = await encoderOf();
    const [alone] = await encoder.encodeImages([picture(10, 20, 30)]);
    const [, batched] = await encoder.encodeImages([picture(255, 255, 255), picture(10, 20, 30)]);
    expect(batched).to.deep.equal(alone);
  });

  it('takes pictures one by one where the file wants that', async () => {
    const encoder = await encoderOf({ isSingle: true });
    const embeddings = await encoder.encodeImages([picture(9, 0, 0), picture(0, 9, 0)]);
    close(embeddings[0], [1, 0, 0, 0]);
    close(embeddings[1], [0, 1, 0, 0]);
  });

  for (const options of [{}, { hasMask: true }, { idType: 'int32', hasMask: true }] as const) {
    it(`encodes texts of unlike lengths as one batch (${JSON.stringify(options)})`, async () => {
      const encoder = await encoderOf(options);
      const embeddings = await encoder.encodeTexts([
        'red',
        'a photo of the colour Green',
        'red blue',
        'zebra',
      ]);
      close(embeddings[0], [1, 0, 0, 0]);
      close(embeddings[1], [0, 1, 0, 0]);
      close(embeddings[2], [Math.SQRT1_2, 0, Math.SQRT1_2, 0]);
      close(embeddings[3], [0, 0, 0, 1]);
    });
  }

  it('encodes a text far over the context length', async () => {
    const encoder = await encoderOf();
    const [embedding] = await encoder.encodeTexts([`blue ${'the '.repeat(5_000)} red`]);
    close(embedding, [0, 0, 1, 0]);
  });

  it('answers nothing for nothing', async () => {
    const encoder = await encoderOf();
    expect(await encoder.encodeImages([])).to.deep.equal([]);
    expect(await encoder.encodeTexts([])).to.deep.equal([]);
  });

  it('refuses pictures of another size', async () => {
    const encoder = await encoderOf();
    const error: unknown = await encoder.encodeImages([new Uint8Array(5)]).catch((reason: unknown) => reason);
    expect(error).to.be.an.instanceOf(RangeError).with.property('message').that.contains('192 bytes');
  });

  it('needs no text encoder until a text comes, says what is wrong with it then, and serves pictures on', async () => {
    const bundle = await readBundle(await writeTinyBundle(models.directory, { id: 'textless' }));
    await rm(bundle.textModelPath);
    const encoder = await startEncoder(bundle, { threads: 1 });
    started.push(encoder);
    const error: unknown = await encoder.encodeTexts(['red']).catch((reason: unknown) => reason);
    expect(error).to.be.an.instanceOf(Error).with.property('message').that.contains(bundle.textModelPath);
    close((await encoder.encodeImages([picture(3, 0, 0)]))[0], [1, 0, 0, 0]);
  });

  it('does not start on a file that is no model, and names it', async () => {
    const bundle = await readBundle(await writeTinyBundle(models.directory, { id: 'broken' }));
    await writeFile(bundle.visionModelPath, 'not a model');
    const error: unknown = await startEncoder(bundle, { threads: 1 }).catch((reason: unknown) => reason);
    expect(error).to.be.an.instanceOf(Error).with.property('message').that.contains(bundle.visionModelPath);
  });

  it('does not start on a model with other inputs, and says which it has', async () => {
    const bundle = await readBundle(await writeTinyBundle(models.directory, { id: 'swapped' }));
    const swapped = { ...bundle, visionModelPath: bundle.textModelPath };
    const error: unknown = await startEncoder(swapped, { threads: 1 }).catch((reason: unknown) => reason);
    expect(error).to.be.an.instanceOf(Error).with.property('message').that.contains('input_ids');
  });

  it('keeps the event loop free while it encodes', async () => {
    const encoder = await encoderOf();
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    turn();
    await encoder
      .encodeTexts(Array.from({ length: 3_000 }, (_, at) => `a photo of the ${at}`))
      .finally(() => (isOver = true));
    expect(turns, 'turns of the loop while texts were encoded').to.be.greaterThan(20);
  });
});
