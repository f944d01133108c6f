import { parentPort } from 'node:worker_threads';
import { Jimp } from 'jimp';

/** What the worker answers for one file: pixels as RGBA, [height, width, 4], or why there are none. */
export type BmpAnswer =
  | { readonly width: number; readonly height: number; readonly rgba: Uint8Array<ArrayBuffer> }
  | { readonly reason: string };

async function decode(bytes: Uint8Array): Promise<BmpAnswer> {
  try {
    const { bitmap } = await Jimp.fromBuffer(Buffer.from(bytes));
    return { width: bitmap.width, height: bitmap.height, rgba: ownBytes(bitmap.data) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The bytes as a buffer that can be handed over; copied only where they share one with others. */
function ownBytes(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = data;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(data);
}

parentPort?.on('message', (bytes: Uint8Array) => {
  void decode(bytes).then((answer) => {
    parentPort?.postMessage(answer, 'rgba' in answer ? [answer.rgba.buffer] : []);
  });
});
