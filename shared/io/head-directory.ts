import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Bundle } from '../core/bundle.ts';
import { FormatError } from '../core/format-error.ts';
import { parseHead, serialiseHead } from '../core/head-file.ts';
import { headVersion } from '../core/head-version.ts';
import { parseHeadDefinition } from '../core/head-definition.ts';
import type { HeadDefinition, LinearHead } from '../core/head.ts';
import { readJsonFile } from './json-file.ts';

/**
 * All `models/heads/*.json`, sorted by id.
 * @throws FormatError when one is malformed or its name is not its id
 */
export async function readHeadDefinitions(modelsDir: string): Promise<readonly HeadDefinition[]> {
  const directory = join(modelsDir, 'heads');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map((name) => readDefinition(join(directory, name))));
}

/**
 * The head that was prepared for this very bundle.
 * @param onOther told of one that is of another revision of the bundle
 * @returns undefined when there is none, or only one of another revision of the bundle
 * @throws FormatError when the file is malformed, or its content is not what its version says
 */
export async function readPreparedHead(
  bundle: Pick<Bundle, 'directory' | 'revision' | 'manifest'>,
  id: string,
  onOther?: (head: LinearHead) => void,
): Promise<LinearHead | undefined> {
  const path = preparedPath(bundle.directory, id);
  const bytes = await readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const head = parseHead(bytes);
  if (head.bundleRevision !== bundle.revision) {
    onOther?.(head);
    return undefined;
  }
  await checkHead(path, head, { id, embeddingSize: bundle.manifest.embeddingSize });
  return head;
}

/** Writes `<bundle>/heads/<id>.safetensors` beside its place and moves it there: a reader sees the old or the new. */
export async function writePreparedHead(
  bundle: Pick<Bundle, 'directory' | 'revision'>,
  head: LinearHead,
): Promise<void> {
  if (head.bundleRevision !== bundle.revision) {
    throw new RangeError(
      `Expected ${bundle.revision} for \`bundleRevision\` but received ${head.bundleRevision}.`,
    );
  }
  const path = preparedPath(bundle.directory, head.id);
  const unfinished = `${path}.${randomUUID()}.part`;
  await mkdir(join(bundle.directory, 'heads'), { recursive: true });
  try {
    await writeFile(unfinished, serialiseHead(head));
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

function preparedPath(directory: string, id: string): string {
  if (!/^[a-z0-9-]{1,40}$/.test(id))
    throw new RangeError(`Expected a head's id but received ${JSON.stringify(id)}.`);
  return join(directory, 'heads', `${id}.safetensors`);
}

async function readDefinition(path: string): Promise<HeadDefinition> {
  const definition = parseHeadDefinition(await readJsonFile(path), path);
  expectEqual(path, 'id', { expected: basename(path, '.json'), received: definition.id });
  return definition;
}

async function checkHead(
  path: string,
  head: LinearHead,
  expected: { id: string; embeddingSize: number },
): Promise<void> {
  expectEqual(path, 'id', { expected: expected.id, received: head.id });
  const size = head.weights.length / head.labels.length;
  expectEqual(path, 'weights', {
    expected: `${expected.embeddingSize} columns`,
    received: `${size} columns`,
  });
  expectEqual(path, 'version', { expected: await headVersion(head), received: head.version });
}

function expectEqual(path: string, field: string, values: { expected: string; received: string }): void {
  const { expected, received } = values;
  if (expected === received) return;
  throw new FormatError(path, [
    { field, message: `Expected ${expected} for \`${field}\` but received ${received}.` },
  ]);
}
