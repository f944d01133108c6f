import { Tensor } from 'onnxruntime-node';
import type { Bundle } from '../core/bundle.ts';
import { toTensor } from '../core/preprocessing.ts';
import { l2Normalise } from '../core/scoring.ts';
import { ClipTokenizer } from '../core/tokenizer.ts';
import { readJsonFile } from './json-file.ts';
import { batchLimit, openSession, runSession, type OnnxSession } from './onnx-session.ts';

export interface ImageEncoder {
  /**
   * @param pixels uint8 [count, cropSize, cropSize, 3]
   * @returns float32 [count, embeddingSize], rows L2-normalised
   */
  encode(pixels: Uint8Array, count: number): Promise<Float32Array<ArrayBuffer>>;
}

export interface TextEncoder {
  /** @returns float32 [texts, embeddingSize], rows L2-normalised */
  encode(texts: readonly string[]): Promise<Float32Array<ArrayBuffer>>;
}

/** The bundle's image encoder: bytes to floats, run, normalise. */
export async function openImageEncoder(bundle: Bundle, threads: number): Promise<ImageEncoder> {
  const { visionModelPath: path, preprocessing } = bundle;
  const onnx = await openSession({ path, threads, input: 'pixel_values', output: 'image_embeds' });
  const side = preprocessing.cropSize;
  const bytesEach = side * side * 3;
  return {
    encode: (pixels, count) =>
      inBatches(bundle, { count, atOnce: batchLimit(onnx, 'pixel_values') }, (from, to) => {
        const pictures = Array.from({ length: to - from }, (_, index) =>
          pixels.subarray((from + index) * bytesEach, (from + index + 1) * bytesEach),
        );
        const floats = toTensor(pictures, preprocessing);
        const feeds = { pixel_values: new Tensor('float32', floats, [to - from, 3, side, side]) };
        return run(bundle, onnx, { feeds, count: to - from });
      }),
  };
}

/** The bundle's text encoder: tokenize, pad, run, normalise. */
export async function openTextEncoder(bundle: Bundle, threads: number): Promise<TextEncoder> {
  const { textModelPath: path, contextLength } = bundle;
  const tokenizer = new ClipTokenizer(await readJsonFile(bundle.tokenizerPath), contextLength);
  const onnx = await openSession({ path, threads, input: 'input_ids', output: 'text_embeds' });
  return {
    encode: (texts) =>
      inBatches(bundle, { count: texts.length, atOnce: batchLimit(onnx, 'input_ids') }, (from, to) => {
        const tokens = texts.slice(from, to).map((text) => tokenizer.encode(text));
        return run(bundle, onnx, { feeds: textFeeds(onnx, tokenizer, tokens), count: to - from });
      }),
  };
}

/** Ids in the integer type that the file asks for, and a mask of the real tokens where it asks for one. */
function textFeeds(
  onnx: OnnxSession,
  tokenizer: ClipTokenizer,
  tokens: readonly (readonly number[])[],
): Record<string, Tensor> {
  const { ids, length } = tokenizer.pad(tokens);
  const dims = [tokens.length, length];
  const feeds: Record<string, Tensor> = { input_ids: integers(onnx, 'input_ids', { values: ids, dims }) };
  if (onnx.inputs.has('attention_mask')) {
    const mask = new BigInt64Array(ids.length);
    for (const [row, text] of tokens.entries()) mask.fill(1n, row * length, row * length + text.length);
    feeds.attention_mask = integers(onnx, 'attention_mask', { values: mask, dims });
  }
  return feeds;
}

function integers(
  { inputs, path }: OnnxSession,
  name: string,
  { values, dims }: { values: BigInt64Array; dims: readonly number[] },
): Tensor {
  const type = inputs.get(name)?.type;
  if (type === 'int64') return new Tensor('int64', values, dims);
  if (type === 'int32') return new Tensor('int32', Int32Array.from(values, Number), dims);
  throw new Error(`Expected int64 or int32 for ${name} of ${path} but received ${type ?? 'nothing'}.`);
}

/** Rows in one run, or one by one where the file wants that. */
async function inBatches(
  { manifest }: Bundle,
  { count, atOnce = count }: { count: number; atOnce: number | undefined },
  encode: (from: number, to: number) => Promise<Float32Array>,
): Promise<Float32Array<ArrayBuffer>> {
  const whole = new Float32Array(count * manifest.embeddingSize);
  for (let from = 0; from < count; from += atOnce) {
    whole.set(await encode(from, Math.min(count, from + atOnce)), from * manifest.embeddingSize);
  }
  return whole;
}

async function run(
  { manifest: { embeddingSize } }: Bundle,
  onnx: OnnxSession,
  { feeds, count }: { feeds: Record<string, Tensor>; count: number },
): Promise<Float32Array> {
  const matrix = await runSession(onnx, feeds, { count, embeddingSize });
  for (let row = 0; row < count; row += 1) {
    const vector = matrix.subarray(row * embeddingSize, (row + 1) * embeddingSize);
    vector.set(l2Normalise(vector));
  }
  return matrix;
}
