import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Bundle, BundleFile, BundleManifest } from '../core/bundle.ts';
import { contextLengthOf, modelFile, parseManifest, revisionText } from '../core/bundle-manifest.ts';
import type { FieldError } from '../core/errors.ts';
import { FormatError } from '../core/format-error.ts';
import { parsePreprocessing } from '../core/preprocessing.ts';
import { readJsonFile } from './json-file.ts';
import { sha256Hex, sha256OfFile } from './sha256.ts';

export interface ReadBundleOptions {
  /** Also compares every file's SHA-256 with the manifest: a second for each few hundred MB. */
  readonly verify?: boolean;
}

/**
 * Reads a bundle's description and checks that its files are there, with the sizes that the manifest gives.
 * @param directory `models/<id>`; its name is the bundle's id
 * @throws FormatError naming all that is missing or wrong
 */
export async function readBundle(directory: string, options: ReadBundleOptions = {}): Promise<Bundle> {
  const root = resolve(directory);
  const manifest = parseManifest(await readJsonFile(join(root, 'bundle.json')));
  await checkFiles(root, manifest, options.verify === true);
  const preprocessing = parsePreprocessing(await readJsonFile(join(root, 'preprocessor_config.json')));
  const config =
    manifest.contextLength === undefined ? await readJsonFile(join(root, 'config.json')) : undefined;
  return {
    manifest,
    revision: `sha256:${sha256Hex(revisionText(manifest.files))}`,
    preprocessing,
    contextLength: contextLengthOf(manifest, config),
    visionModelPath: join(root, modelFile(manifest, 'vision')),
    textModelPath: join(root, modelFile(manifest, 'text')),
    tokenizerPath: join(root, 'tokenizer.json'),
    directory: root,
    seenLabels: new Set(manifest.seenLabels.map((label) => label.toLowerCase())),
  };
}

/** Ids of the directories of `modelsDir` that hold a `bundle.json`, sorted; whether they are whole, reading tells. */
export async function listBundles(modelsDir: string): Promise<string[]> {
  const entries = await readdir(modelsDir, { withFileTypes: true });
  const ids: string[] = [];
  for (const entry of entries) {
    const isBundle = await stat(join(modelsDir, entry.name, 'bundle.json')).catch(() => undefined);
    if (isBundle?.isFile() === true) ids.push(entry.name);
  }
  return ids.sort();
}

/** Files that the pipeline reads; a manifest that leaves one out would leave it out of the revision as well. */
const NEEDED = ['preprocessor_config.json', 'tokenizer.json'];

async function checkFiles(root: string, manifest: BundleManifest, verify: boolean): Promise<void> {
  const problems: FieldError[] = [];
  const reject = (field: string, expected: string, received: string) =>
    problems.push({ field, message: `Expected ${expected} for \`${field}\` but received ${received}.` });
  if (manifest.id !== basename(root)) reject('id', `the directory's name, ${basename(root)},`, manifest.id);
  for (const path of NEEDED) {
    if (!manifest.files.some((file) => file.path === path)) reject('files', path, 'none of that path');
  }
  for (const file of manifest.files) {
    const received = await compareFile(join(root, file.path), file, verify);
    if (received !== undefined) reject(file.path, received.expected, received.received);
  }
  if (problems.length > 0) throw new FormatError(join(root, 'bundle.json'), problems);
}

async function compareFile(
  path: string,
  file: BundleFile,
  verify: boolean,
): Promise<{ expected: string; received: string } | undefined> {
  const found = await stat(path).catch(() => undefined);
  const received = found?.isFile() === true ? `${found.size} bytes` : 'no file';
  if (received !== `${file.bytes} bytes`) return { expected: `${file.bytes} bytes`, received };
  if (!verify) return undefined;
  const sha256 = await sha256OfFile(path);
  return sha256 === file.sha256 ? undefined : { expected: `SHA-256 ${file.sha256}`, received: sha256 };
}
