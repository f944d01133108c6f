import type { Bundle } from '../core/bundle.ts';
import type { RgbPicture } from '../core/digits/read-digit.ts';
import type { Encoder } from './encoder.ts';
import { DIGIT_LABELS, DIGIT_ROW } from './digit-row.ts';
import { startWorker } from './start-worker.ts';
import { WorkerCalls } from './worker-calls.ts';

/** What the worker is given at its start. */
export interface EncoderWorkerData {
  readonly bundle: Bundle;
  readonly threads: number;
}

export type EncodeRequest =
  | {
      readonly kind: 'images';
      /** uint8 [count, cropSize, cropSize, 3]; moved, not copied. */
      readonly pixels: Uint8Array<ArrayBuffer>;
      readonly count: number;
    }
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'digits'; readonly pictures: readonly RgbPicture[]; readonly modelPath: string };

/**
 * float32, row-major. Of pictures and texts [count, embeddingSize], each row L2-normalised; of digits [count, 11], ten
 * logits and the number of digits that were found.
 */
export type EncodeAnswer = Float32Array<ArrayBuffer>;

export interface EncoderOptions {
  /** Threads of ONNX Runtime within one run: whole CPUs of the container, see `cpuLimit`. */
  readonly threads: number;
  /** Told why the thread ended though nobody closed it; another one is started. */
  readonly onDeath?: (reason: Error) => void;
}

/**
 * Starts the worker thread that owns the bundle's sessions and tokenizer, and waits until the image encoder is loaded
 * and warm. The text encoder is loaded when a text first comes.
 * @throws Error when the bundle's files are not what the runtime can load, saying which and why
 */
export async function startEncoder(bundle: Bundle, { threads, onDeath }: EncoderOptions): Promise<Encoder> {
  const workerData: EncoderWorkerData = { bundle, threads };
  const calls = new WorkerCalls<EncodeRequest, EncodeAnswer>(
    () => startWorker(new URL('./encoder.worker.ts', import.meta.url), { workerData }),
    onDeath,
  );
  await calls.ready();
  const size = bundle.manifest.embeddingSize;
  return {
    bundle,
    async encodeImages(pixels) {
      if (pixels.length === 0) return [];
      const packed = pack(pixels, bundle.preprocessing.cropSize ** 2 * 3);
      const request = { kind: 'images', pixels: packed, count: pixels.length } as const;
      return rows(await calls.call(request, [packed.buffer]), size);
    },
    async encodeTexts(texts) {
      if (texts.length === 0) return [];
      return rows(await calls.call({ kind: 'texts', texts }), size);
    },
    async readDigits(pictures, modelPath) {
      if (pictures.length === 0) return [];
      const matrix = await calls.call({ kind: 'digits', pictures, modelPath });
      return rows(matrix, DIGIT_ROW).map((row) => ({
        logits: row.slice(0, DIGIT_LABELS),
        found: row[DIGIT_LABELS] ?? 0,
      }));
    },
    isRunning: () => calls.isRunning,
    close: () => calls.close(),
  };
}

/** Pictures end to end in one buffer that can move to the worker; the callers keep theirs. */
function pack(pixels: readonly Uint8Array[], bytesEach: number): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(pixels.length * bytesEach);
  for (const [index, picture] of pixels.entries()) {
    if (picture.length !== bytesEach) {
      throw new RangeError(
        `Expected ${bytesEach} bytes for \`pixels[${index}]\` but received ${picture.length}.`,
      );
    }
    packed.set(picture, index * bytesEach);
  }
  return packed;
}

/** Each row a vector of its own: one that is kept in a cache must not hold its whole batch. */
function rows(matrix: Float32Array, size: number): readonly Float32Array[] {
  return Array.from({ length: matrix.length / size }, (_, row) => matrix.slice(row * size, (row + 1) * size));
}
