import { expect } from 'chai';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '../../../shared/core/bundle.ts';
import { FormatError } from '../../../shared/core/format-error.ts';
import { serialiseHead } from '../../../shared/core/head-file.ts';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import {
  readHeadDefinitions,
  readPreparedHead,
  writePreparedHead,
} from '../../../shared/io/head-directory.ts';
import { SAMPLE_REVISION, sampleHead } from '../core/sample-head.ts';
import { temporaryDirectory, writeSampleBundle } from './sample-bundle.ts';

describe('readHeadDefinitions', () => {
  it('reads all, sorted by id', async () => {
    const models = await modelsWith({
      'dog.json': definition('dog'),
      'cat.json': definition('cat'),
      'notes.txt': '',
    });
    expect((await readHeadDefinitions(models.path)).map(({ id }) => id)).to.deep.equal(['cat', 'dog']);
    await models.remove();
  });

  it('refuses a file whose name is not its id, by name', async () => {
    const models = await modelsWith({ 'cat.json': definition('dog') });
    const error = await failureOf(readHeadDefinitions(models.path));
    expect(error.message).to.match(/cat\.json is not usable\. Expected cat for `id` but received dog\./);
    await models.remove();
  });

  it('reads the definitions that the project brings', async () => {
    const definitions = await readHeadDefinitions('models');
    expect(definitions.map(({ id }) => id)).to.include.members([
      'cifar100',
      'cat-dog',
      'dog-breeds',
      'imagenet1k',
    ]);
  });
});

describe('prepared heads', () => {
  let bundle: Bundle;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    const models = await temporaryDirectory();
    remove = models.remove;
    bundle = await readBundle(await writeSampleBundle(models.path, 'sample'));
  });
  afterEach(() => remove());

  const headOf = (changes = {}) => sampleHead({ bundleRevision: bundle.revision, ...changes });
  const place = (bytes: Uint8Array) =>
    writeFile(join(bundle.directory, 'heads', 'cat-dog.safetensors'), bytes);

  it('come back as they were written, and nothing unfinished stays', async () => {
    const head = await headOf();
    await writePreparedHead(bundle, head);
    await writePreparedHead(bundle, head);
    expect(await readPreparedHead(bundle, 'cat-dog')).to.deep.equal(head);
    expect(await readdir(join(bundle.directory, 'heads'))).to.deep.equal(['cat-dog.safetensors']);
  });

  it('are undefined where there are none', async () => {
    expect(await readPreparedHead(bundle, 'cat-dog')).to.equal(undefined);
  });

  it('are never those of another bundle', async () => {
    const foreign = await sampleHead({ bundleRevision: SAMPLE_REVISION });
    await mkdir(join(bundle.directory, 'heads'));
    await place(serialiseHead(foreign));
    expect(await readPreparedHead(bundle, 'cat-dog')).to.equal(undefined);
    const refusal: unknown = await writePreparedHead(bundle, foreign).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(RangeError);
  });

  it('are refused where the content is not what the version says', async () => {
    await mkdir(join(bundle.directory, 'heads'));
    await place(serialiseHead({ ...(await headOf()), labels: ['cat', 'wolf'] }));
    expect((await failureOf(readPreparedHead(bundle, 'cat-dog'))).fields[0]?.field).to.equal('version');
  });

  it('are refused under another id, of another size, or cut short', async () => {
    await mkdir(join(bundle.directory, 'heads'));
    await place(serialiseHead(await headOf({ id: 'other' })));
    expect((await failureOf(readPreparedHead(bundle, 'cat-dog'))).fields[0]?.field).to.equal('id');
    await place(serialiseHead(await headOf({ weights: Float32Array.of(1, 0, 0, 0, 1, 0) })));
    expect((await failureOf(readPreparedHead(bundle, 'cat-dog'))).fields[0]?.field).to.equal('weights');
    await place(serialiseHead(await headOf()).subarray(0, 100));
    expect((await failureOf(readPreparedHead(bundle, 'cat-dog'))).message).to.include('safetensors');
  });

  it('are not looked for outside the bundle', async () => {
    const error: unknown = await readPreparedHead(bundle, '../../etc').catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RangeError);
  });
});

function definition(id: string): string {
  return JSON.stringify({ id, title: id, templates: ['a {}'], labels: ['one', 'two'] });
}

async function modelsWith(
  files: Readonly<Record<string, string>>,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const models = await temporaryDirectory();
  await mkdir(join(models.path, 'heads'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(models.path, 'heads', name), text);
  return models;
}

async function failureOf(promise: Promise<unknown>): Promise<FormatError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof FormatError) return error;
  throw new Error('Expected a FormatError.');
}
