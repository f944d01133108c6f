/**
 * The thread that owns a bundle's two ONNX sessions and its tokenizer. `run()` blocks it, and it alone.
 * Started by onnx-encoder.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { openImageEncoder, openTextEncoder, type TextEncoder } from './onnx-encoders.ts';
import type { EncodeAnswer, EncodeRequest, EncoderWorkerData } from './onnx-encoder.ts';
import { answerCalls } from './worker-calls.ts';

const { bundle, threads } = workerData as EncoderWorkerData;
const image = await openImageEncoder(bundle, threads);
// The first run allocates; its time is nobody's request.
await image.encode(new Uint8Array(bundle.preprocessing.cropSize ** 2 * 3), 1);

let text: Promise<TextEncoder> | undefined;

async function encodeTexts(texts: readonly string[]): Promise<EncodeAnswer> {
  text ??= openTextEncoder(bundle, threads);
  try {
    return await (await text).encode(texts);
  } catch (error) {
    // A file that could not be read now may be there the next time.
    text = undefined;
    throw error;
  }
}

if (parentPort === null) throw new Error('Expected to run in a worker thread.');
answerCalls(parentPort, async (request: EncodeRequest) => {
  const answer =
    request.kind === 'images'
      ? await image.encode(request.pixels, request.count)
      : await encodeTexts(request.texts);
  return { answer, transfer: [answer.buffer] };
});
