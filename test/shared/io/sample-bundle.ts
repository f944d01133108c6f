import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256Hex } from '../../../shared/io/sha256.ts';
import { tinyTokenizerJson } from '../core/tiny-tokenizer.ts';

/** A directory of its own for one test, gone with `remove()`. */
export async function temporaryDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'clip-functions-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export const SAMPLE_FILES: Readonly<Record<string, string>> = {
  'config.json': JSON.stringify({ text_config: { max_position_embeddings: 77 } }),
  'preprocessor_config.json': JSON.stringify({
    ...{ size: { shortest_edge: 8 }, crop_size: { height: 8, width: 8 } },
    ...{ image_mean: [0, 0, 0], image_std: [1, 1, 1] },
  }),
  'tokenizer.json': JSON.stringify(tinyTokenizerJson()),
  'onnx/vision_model.onnx': 'not a model, but of a known hash',
  'onnx/text_model_quantized.onnx': 'nor is this one',
};

/**
 * Writes a bundle of two-number embeddings whose encoders are no models: enough for all that reads and checks bundles.
 * @returns its directory, `<modelsDir>/<id>`
 */
export async function writeSampleBundle(
  modelsDir: string,
  id: string,
  changes: { files?: Readonly<Record<string, string>>; manifest?: object } = {},
): Promise<string> {
  const directory = join(modelsDir, id);
  const files = changes.files ?? SAMPLE_FILES;
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  const manifest = {
    ...{ id, title: 'Sample', licence: 'MIT', logitScale: 100, embeddingSize: 2, seenLabels: ['Wolf'] },
    files: Object.entries(files).map(([path, text]) => ({
      ...{ path, bytes: Buffer.byteLength(text), sha256: sha256Hex(text) },
    })),
    ...changes.manifest,
  };
  await writeFile(join(directory, 'bundle.json'), JSON.stringify(manifest));
  return directory;
}
