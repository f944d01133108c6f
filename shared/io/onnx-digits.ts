import { Tensor } from 'onnxruntime-node';
import { FRAME_SIDE, readDigit, type RgbPicture } from '../core/digits/read-digit.ts';
import { DIGIT_LABELS, DIGIT_ROW } from './digit-row.ts';
import { openSession, runSession } from './onnx-session.ts';

const INPUT = 'pixels';
const OUTPUT = 'logits';

export interface DigitsNetwork {
  /** @returns float32 [pictures, 11], rows of ten logits and a count; zeros where nothing is drawn */
  read(pictures: readonly RgbPicture[]): Promise<Float32Array<ArrayBuffer>>;
}

/** The digits network: a picture's largest digit is found and framed, and all frames are one run. */
export async function openDigitsNetwork(path: string, threads: number): Promise<DigitsNetwork> {
  const onnx = await openSession({ path, threads, input: INPUT, output: OUTPUT });
  return {
    async read(pictures) {
      const rows = new Float32Array(pictures.length * DIGIT_ROW);
      const framed = pictures.map(readDigit);
      const drawn = [...framed.keys()].filter((index) => framed[index]?.frame !== undefined);
      const logits = await run(drawn.map((index) => framed[index]?.frame ?? new Float32Array()));
      for (const [row, index] of drawn.entries()) {
        rows.set(logits.subarray(row * DIGIT_LABELS, (row + 1) * DIGIT_LABELS), index * DIGIT_ROW);
        rows[index * DIGIT_ROW + DIGIT_LABELS] = framed[index]?.found ?? 0;
      }
      return rows;
    },
  };

  async function run(frames: readonly Float32Array[]): Promise<Float32Array> {
    if (frames.length === 0) return new Float32Array();
    const pixels = new Float32Array(frames.length * FRAME_SIDE ** 2);
    for (const [index, frame] of frames.entries()) pixels.set(frame, index * FRAME_SIDE ** 2);
    const feeds = { [INPUT]: new Tensor('float32', pixels, [frames.length, 1, FRAME_SIDE, FRAME_SIDE]) };
    return runSession(onnx, feeds, { count: frames.length, embeddingSize: DIGIT_LABELS });
  }
}
