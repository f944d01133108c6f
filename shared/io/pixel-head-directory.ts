import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { revisionText } from '../core/bundle-manifest.ts';
import { FormatError } from '../core/format-error.ts';
import type { LinearHead } from '../core/head.ts';
import { parsePixelHead } from '../core/pixel-head.ts';
import { scoringOf } from '../core/pixel-head.ts';
import { readJsonFile } from './json-file.ts';
import { sha256Hex, sha256OfFile } from './sha256.ts';

/** The one way from a picture to a network's input that there is; a head's folder bears its name. */
export const DIGITS_ID = 'digits';

/** A head with a network of its own, found and checked. */
export interface PixelHead {
  readonly head: LinearHead;
  /** Absolute path of its network. */
  readonly modelPath: string;
  /** Its folder, for `evaluations/`. */
  readonly directory: string;
}

/**
 * The heads of `models/heads` that are folders with a `head.json` and a network.
 * @throws FormatError when one is malformed, or a file is not what it says
 */
export async function readPixelHeads(modelsDir: string): Promise<readonly PixelHead[]> {
  const root = join(modelsDir, 'heads');
  const names = await readdir(root);
  const heads: PixelHead[] = [];
  for (const name of names.sort()) {
    const directory = join(root, name);
    const description = await stat(join(directory, 'head.json')).catch(() => undefined);
    if (description?.isFile() === true) heads.push(await readPixelHead(directory, name));
  }
  return heads;
}

async function readPixelHead(directory: string, name: string): Promise<PixelHead> {
  const path = join(directory, 'head.json');
  const definition = parsePixelHead(await readJsonFile(path));
  const reject = (field: string, expected: string, received: string): never => {
    const message = `Expected ${expected} for \`${field}\` but received ${received}.`;
    throw new FormatError(path, [{ field, message }]);
  };
  if (definition.id !== DIGITS_ID || name !== DIGITS_ID) reject('id', DIGITS_ID, definition.id);
  for (const file of definition.files) {
    const sha256 = await sha256OfFile(join(directory, file.path)).catch(() => 'no file');
    if (sha256 !== file.sha256) reject(file.path, `SHA-256 ${file.sha256}`, sha256);
  }
  const network = definition.files.find((file) => file.path.endsWith('.onnx'));
  if (network === undefined) return reject('files', 'a path that ends in .onnx', 'none');
  const revision = `sha256:${sha256Hex(revisionText(definition.files))}`;
  return { head: await scoringOf(definition, revision), modelPath: join(directory, network.path), directory };
}
