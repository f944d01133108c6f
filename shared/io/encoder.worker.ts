/**
 * The thread that owns a bundle's two ONNX sessions and its tokenizer, and the digits network. `run()` blocks it, and it
 * alone.
 * Started by onnx-encoder.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { openDigitsNetwork, type DigitsNetwork } from './onnx-digits.ts';
import { openImageEncoder, openTextEncoder, type TextEncoder } from './onnx-encoders.ts';
import type { EncodeAnswer, EncodeRequest, EncoderWorkerData } from './onnx-encoder.ts';
import { answerCalls } from './worker-calls.ts';

const { bundle, threads } = workerData as EncoderWorkerData;
const image = await openImageEncoder(bundle, threads);
// The first run allocates; its time is nobody's request.
await image.encode(new Uint8Array(bundle.preprocessing.cropSize ** 2 * 3), 1);

/** Opens it when it is first asked for. A file that could not be read now may be there the next time. */
function lazily<T>(open: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const opened = new Map<string, Promise<T>>();
  return (path) => {
    const known = opened.get(path);
    if (known !== undefined) return known;
    const opening = open(path);
    opened.set(path, opening);
    opening.catch(() => opened.delete(path));
    return opening;
  };
}

const textEncoder = lazily<TextEncoder>(() => openTextEncoder(bundle, threads));
const digitsNetwork = lazily<DigitsNetwork>((path) => openDigitsNetwork(path, threads));

async function answer(request: EncodeRequest): Promise<EncodeAnswer> {
  if (request.kind === 'images') return image.encode(request.pixels, request.count);
  if (request.kind === 'texts') return (await textEncoder(bundle.textModelPath)).encode(request.texts);
  return (await digitsNetwork(request.modelPath)).read(request.pictures);
}

if (parentPort === null) throw new Error('Expected to run in a worker thread.');
answerCalls(parentPort, async (request: EncodeRequest) => {
  const floats = await answer(request);
  return { answer: floats, transfer: [floats.buffer] };
});
