import { readFile } from 'node:fs/promises';
import { AppError } from '../../shared/core/errors.ts';
import type { DecodeLimits } from '../../shared/io/decode-image.ts';
import type { PictureSource } from '../../shared/io/picture-source.ts';
import { sha256Hex } from '../../shared/io/sha256.ts';

/** The defaults of the settings of these names, so that a picture is read here as it is served. */
const LIMITS: DecodeLimits = { maxImagePixels: 64_000_000, maxJpegPixels: 256_000_000, timeoutMs: 5_000 };
/** Pictures encoded in one run: their pixels are all that is held at once. */
const BATCH = 16;

export type EmbeddedFile<T> =
  | { readonly file: T; readonly sha256: string; readonly embedding: Float32Array }
  | { readonly file: T; readonly problem: string };

/**
 * Files to embeddings as the served function makes them: the same decoding, the same network. In the files' order.
 * A file that is no picture comes back with what is wrong with it.
 * @throws the signal's reason when it aborts
 */
export async function* embedFiles<T extends { readonly path: string }, Pixels>(
  files: readonly T[],
  source: PictureSource<Pixels>,
  signal: AbortSignal,
): AsyncGenerator<EmbeddedFile<T>> {
  let next = decodeBatch(files.slice(0, BATCH), source);
  for (let at = 0; at < files.length; at += BATCH) {
    signal.throwIfAborted();
    const batch = await next;
    next = decodeBatch(files.slice(at + BATCH, at + 2 * BATCH), source);
    next.catch(() => undefined);
    const readable = batch.filter((one) => 'pixels' in one);
    const encoded = await source.encode(readable.map(({ pixels }) => pixels));
    for (const one of batch) {
      if (!('pixels' in one)) yield one;
      else {
        const { embedding } = encoded[readable.indexOf(one)] ?? { embedding: new Float32Array() };
        yield { file: one.file, sha256: one.sha256, embedding };
      }
    }
  }
  await next;
}

type Decoded<T, Pixels> = { file: T; sha256: string; pixels: Pixels } | { file: T; problem: string };

async function decodeBatch<T extends { readonly path: string }, Pixels>(
  files: readonly T[],
  source: PictureSource<Pixels>,
): Promise<Decoded<T, Pixels>[]> {
  return Promise.all(
    files.map(async (file): Promise<Decoded<T, Pixels>> => {
      const bytes = await readFile(file.path);
      try {
        const { pixels } = await source.decode(bytes, LIMITS);
        return { file, sha256: sha256Hex(bytes), pixels };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { file, problem: error.message };
      }
    }),
  );
}
