import type { BundleFile, BundleManifest } from './bundle.ts';
import { FormatError } from './format-error.ts';
import { JsonReader, type TextRule } from './json-reader.ts';

const BUNDLE_ID: TextRule = {
  pattern: /^[a-z0-9][a-z0-9._-]{0,63}$/,
  expected: 'a text of [a-z0-9._-], 1 to 64 characters,',
};
const SHA256: TextRule = { pattern: /^[0-9a-f]{64}$/, expected: '64 hexadecimal digits' };

const COSINE = { min: -1, max: 1 };

/** Relative, with `/`, and never out of the directory: no empty, `.` or `..` part, no drive, no backslash. */
const FILE_PATH: TextRule = {
  pattern: /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[^\p{Cc}\\:]{1,200}$/u,
  expected: 'a path inside the bundle',
};

/**
 * Reads a bundle's `bundle.json`.
 * @throws FormatError naming every field that is wrong; a path that leaves the bundle is one
 */
export function parseManifest(json: unknown): BundleManifest {
  const read = new JsonReader('bundle.json');
  const members = read.object(json, 'bundle.json');
  const { noneThreshold, noneThresholds, contextLength } = members;
  const manifest: BundleManifest = {
    id: read.text(members.id, 'id', BUNDLE_ID),
    title: read.text(members.title, 'title'),
    licence: read.text(members.licence, 'licence'),
    logitScale: read.number(members.logitScale, 'logitScale', { min: 0.01, max: 1000 }),
    embeddingSize: read.number(members.embeddingSize, 'embeddingSize', { min: 1, max: 8192, integer: true }),
    ...(noneThreshold !== undefined && {
      noneThreshold: read.number(noneThreshold, 'noneThreshold', COSINE),
    }),
    ...(noneThresholds !== undefined && { noneThresholds: readThresholds(read, noneThresholds) }),
    ...(contextLength !== undefined && {
      contextLength: readContextLength(read, contextLength, 'contextLength'),
    }),
    seenLabels: read
      .list(members.seenLabels ?? [], 'seenLabels', { min: 0, max: 100_000 })
      .map((label, index) => read.text(label, `seenLabels[${index}]`)),
    files: parseFiles(read, members.files),
  };
  read.check();
  return manifest;
}

function readThresholds(read: JsonReader, value: unknown): Readonly<Record<string, number>> {
  const entries = Object.entries(read.object(value, 'noneThresholds'));
  return Object.fromEntries(
    entries.map(([id, threshold]) => [id, read.number(threshold, `noneThresholds.${id}`, COSINE)]),
  );
}

/** The files that a revision is computed over. */
export function parseFiles(read: JsonReader, value: unknown): readonly BundleFile[] {
  const files = read
    .list(value, 'files', { min: 1, max: 1000 })
    .map((file, index) => readFile(read, file, `files[${index}]`));
  const paths = files.map((file) => file.path);
  if (new Set(paths).size !== paths.length) read.reject('files', 'paths that differ', value);
  return files;
}

/**
 * The text whose SHA-256 is the bundle's revision: lines `<sha256>  <path>` as `sha256sum` prints them, sorted, each
 * with its line feed.
 */
export function revisionText(files: readonly BundleFile[]): string {
  return files
    .map(({ sha256, path }) => `${sha256}  ${path}\n`)
    .sort()
    .join('');
}

/**
 * The encoder's model among the manifest's files: `onnx/vision_model.onnx`, `onnx/text_model_quantized.onnx`, …
 * The first that is listed, where there are several.
 * @throws FormatError when there is none
 */
export function modelFile(manifest: BundleManifest, encoder: 'vision' | 'text'): string {
  const pattern = new RegExp(`^onnx/${encoder}_model[^/]*\\.onnx$`);
  const file = manifest.files.find(({ path }) => pattern.test(path));
  if (file !== undefined) return file.path;
  const message = `Expected onnx/${encoder}_model*.onnx among the paths of \`files\` but received none.`;
  throw new FormatError('bundle.json', [{ field: 'files', message }]);
}

/**
 * Tokens a text may have: `contextLength` of bundle.json where it is given, else what config.json says of the text
 * encoder (`text_config.max_position_embeddings`).
 * @throws FormatError when neither says it: a guess would be wrong in silence
 */
export function contextLengthOf(manifest: BundleManifest, config: unknown): number {
  if (manifest.contextLength !== undefined) return manifest.contextLength;
  const read = new JsonReader('config.json');
  const text = read.object(read.object(config, 'config.json').text_config, 'text_config');
  const length = readContextLength(read, text.max_position_embeddings, 'text_config.max_position_embeddings');
  read.check();
  return length;
}

function readContextLength(read: JsonReader, value: unknown, field: string): number {
  return read.number(value, field, { min: 3, max: 8192, integer: true });
}

function readFile(read: JsonReader, value: unknown, field: string): BundleFile {
  const members = read.object(value, field);
  return {
    path: read.text(members.path, `${field}.path`, FILE_PATH),
    bytes: read.number(members.bytes, `${field}.bytes`, { min: 0, max: 2 ** 40, integer: true }),
    sha256: read.text(members.sha256, `${field}.sha256`, SHA256),
  };
}
