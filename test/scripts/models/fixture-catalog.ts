import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256Hex } from '../../../shared/io/sha256.ts';

/** Small files in the layout of a bundle. The encoders are noise: nothing here loads them. */
export const FIXTURE_FILES: ReadonlyMap<string, Buffer> = new Map([
  ['config.json', Buffer.from(JSON.stringify({ text_config: { max_position_embeddings: 16 } }))],
  [
    'preprocessor_config.json',
    Buffer.from(
      JSON.stringify({
        do_resize: true,
        size: { shortest_edge: 32 },
        do_center_crop: true,
        crop_size: { height: 32, width: 32 },
        resample: 3,
        do_rescale: true,
        rescale_factor: 1 / 255,
        do_normalize: true,
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
      }),
    ),
  ],
  ['tokenizer.json', Buffer.from('{}')],
  ['onnx/vision_model.onnx', noise(60_000)],
  ['onnx/text_model.onnx', noise(20_000)],
]);

/** The same bytes in every run, and not compressible to a pattern that would hide a shifted range. */
function noise(size: number): Buffer {
  let state = size;
  return Buffer.from(
    Array.from({ length: size }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state >> 16;
    }),
  );
}

export interface Fixture {
  readonly modelsDir: string;
  readonly catalogPath: string;
  remove(): Promise<void>;
}

/** What the catalogue says of the fixture bundle, with the sizes and hashes of `FIXTURE_FILES`. */
export function fixtureEntry(baseUrl: string, changes: object = {}): object {
  const files = [...FIXTURE_FILES].map(([path, content]) => ({
    path,
    bytes: content.length,
    sha256: sha256Hex(content),
  }));
  return {
    id: 'tiny-clip',
    title: 'A tiny CLIP of noise',
    licence: 'CC0-1.0',
    logitScale: 100,
    embeddingSize: 4,
    published: [],
    baseUrl,
    totalBytes: files.reduce((sum, file) => sum + file.bytes, 0),
    files,
    ...changes,
  };
}

/** An empty models folder with one small head definition and a catalogue of one bundle. */
export async function makeFixture(baseUrl: string, changes: object = {}): Promise<Fixture> {
  const root = await mkdtemp(join(tmpdir(), 'models-'));
  const modelsDir = join(root, 'models');
  const catalogPath = join(modelsDir, 'catalog.json');
  await mkdir(join(modelsDir, 'heads'), { recursive: true });
  await writeFile(catalogPath, JSON.stringify({ bundles: [fixtureEntry(baseUrl, changes)] }));
  const head = { id: 'pets', title: 'Pets', templates: ['a {}'], labels: ['cat', 'dog'] };
  await writeFile(join(modelsDir, 'heads', 'pets.json'), JSON.stringify(head));
  return { modelsDir, catalogPath, remove: () => rm(root, { recursive: true, force: true }) };
}

/** The bundle's files in a directory, as somebody carries them to a machine without a network. */
export async function writeFiles(directory: string, files = FIXTURE_FILES): Promise<void> {
  for (const [path, content] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}
