import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import { cosine } from '../../../shared/core/scoring.ts';
import type { Bundle } from '../../../shared/core/bundle.ts';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import { openTextEncoder } from '../../../shared/io/onnx-encoders.ts';
import { openSession, runSession } from '../../../shared/io/onnx-session.ts';

/** Made by models/training/goldens.py with Python's onnxruntime, from the files of the bundle that it names. */
interface GoldenEmbeddings {
  readonly bundle: Readonly<Record<string, string>>;
  readonly side: number;
  readonly images: readonly { readonly frequency: number; readonly embedding: readonly number[] }[];
  readonly texts: readonly { readonly text: string; readonly embedding: readonly number[] }[];
}

/** Two builds of the runtime add floats in other orders; a wrong tensor is off by far more. */
const AGREEMENT = 0.9999;

describe('embeddings equal to the Python reference', () => {
  let golden: GoldenEmbeddings;
  let bundle: Bundle;

  before(async () => {
    golden = JSON.parse(
      await readFile(new URL('../../golden/mini-clip-embeddings.json', import.meta.url), 'utf8'),
    ) as GoldenEmbeddings;
    bundle = await readBundle('models/mini-clip');
  });

  it('are those of the bundle that is here', () => {
    const files = bundle.manifest.files.map(({ path, sha256 }) => [path, sha256]);
    expect(Object.fromEntries(files)).to.deep.equal(golden.bundle);
  });

  it('for texts, through our tokenizer', async () => {
    const texts = await openTextEncoder(bundle, 1);
    const rows = await texts.encode(golden.texts.map(({ text }) => text));
    const size = bundle.manifest.embeddingSize;
    for (const [row, { text, embedding }] of golden.texts.entries()) {
      const ours = rows.subarray(row * size, (row + 1) * size);
      expect(cosine(ours, Float32Array.from(embedding)), text).to.be.above(AGREEMENT);
    }
  });

  it('for pixels drawn by a formula', async () => {
    const path = bundle.visionModelPath;
    const onnx = await openSession({ path, threads: 1, input: 'pixel_values', output: 'image_embeds' });
    for (const { frequency, embedding } of golden.images) {
      const pixels = new Tensor('float32', wave(golden.side, frequency), [1, 3, golden.side, golden.side]);
      const shape = { count: 1, embeddingSize: embedding.length };
      const ours = await runSession(onnx, { pixel_values: pixels }, shape);
      expect(cosine(ours, Float32Array.from(embedding)), `frequency ${frequency}`).to.be.above(AGREEMENT);
    }
  });
});

/** pixel_values[0, c, y, x] = sin((x · (c + 1) + y · f) · f / side) */
function wave(side: number, frequency: number): Float32Array {
  return Float32Array.from({ length: 3 * side * side }, (_, at) => {
    const [x, y, channel] = [at % side, Math.floor(at / side) % side, Math.floor(at / (side * side))];
    return Math.sin(((x * (channel + 1) + y * frequency) * frequency) / side);
  });
}
