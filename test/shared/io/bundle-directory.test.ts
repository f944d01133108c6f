import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '../../../shared/core/format-error.ts';
import { listBundles, readBundle } from '../../../shared/io/bundle-directory.ts';
import { SAMPLE_FILES, temporaryDirectory, writeSampleBundle } from './sample-bundle.ts';

describe('readBundle', () => {
  let models: string;
  let remove: () => Promise<void>;

  beforeEach(async () => ({ path: models, remove } = await temporaryDirectory()));
  afterEach(() => remove());

  it('reads all that the pipeline must know', async () => {
    const directory = await writeSampleBundle(models, 'sample');
    const bundle = await readBundle(directory, { verify: true });
    expect(bundle).to.deep.include({
      contextLength: 77,
      directory,
      visionModelPath: join(directory, 'onnx/vision_model.onnx'),
      textModelPath: join(directory, 'onnx/text_model_quantized.onnx'),
      tokenizerPath: join(directory, 'tokenizer.json'),
      seenLabels: new Set(['wolf']),
    });
    expect(bundle.manifest.id).to.equal('sample');
    expect(bundle.preprocessing).to.include({ shortestEdge: 8, cropSize: 8 });
  });

  it('has a revision that anybody can compute: sha256sum of the sorted sums', async () => {
    const bundle = await readBundle(await writeSampleBundle(models, 'sample'));
    const lines = Object.entries(SAMPLE_FILES)
      .map(([path, text]) => `${createHash('sha256').update(text).digest('hex')}  ${path}\n`)
      .sort();
    expect(bundle.revision).to.equal(`sha256:${createHash('sha256').update(lines.join('')).digest('hex')}`);
  });

  it('takes the context length of bundle.json before that of config.json', async () => {
    const directory = await writeSampleBundle(models, 'sample', { manifest: { contextLength: 16 } });
    expect((await readBundle(directory)).contextLength).to.equal(16);
  });

  it('names every file that is missing or cut short', async () => {
    const directory = await writeSampleBundle(models, 'sample');
    await rm(join(directory, 'tokenizer.json'));
    await writeFile(join(directory, 'onnx/vision_model.onnx'), 'short');
    const error = await failureOf(directory);
    expect(error.fields.map(({ field }) => field)).to.have.members([
      'tokenizer.json',
      'onnx/vision_model.onnx',
    ]);
    expect(error.message)
      .to.include('for `tokenizer.json` but received no file.')
      .and.include('received 5 bytes.');
  });

  it('finds a file of the right size and wrong content when asked to verify, and not before', async () => {
    const directory = await writeSampleBundle(models, 'sample');
    const text = SAMPLE_FILES['onnx/vision_model.onnx'] ?? '';
    await writeFile(join(directory, 'onnx/vision_model.onnx'), text.replace('known', 'wrong'));
    expect((await readBundle(directory)).manifest.id).to.equal('sample');
    const error = await failureOf(directory, { verify: true });
    expect(error.message).to.match(/Expected SHA-256 [0-9a-f]{64} for `onnx\/vision_model\.onnx`/);
  });

  it('refuses a directory under another name, and one whose needed files are outside the revision', async () => {
    const renamed = await writeSampleBundle(models, 'other', { manifest: { id: 'sample' } });
    expect((await failureOf(renamed)).fields.map(({ field }) => field)).to.deep.equal(['id']);
    const { 'tokenizer.json': tokenizer, ...files } = SAMPLE_FILES;
    const unlisted = await writeSampleBundle(models, 'unlisted', { files });
    await writeFile(join(unlisted, 'tokenizer.json'), tokenizer ?? '');
    expect((await failureOf(unlisted)).message).to.include('Expected tokenizer.json for `files`');
  });

  it('never looks at a file outside, even one that is there', async () => {
    await writeFile(join(models, 'secret'), 'x');
    const files = [{ path: '../secret', bytes: 1, sha256: '0'.repeat(64) }];
    const directory = await writeSampleBundle(models, 'sample', { manifest: { files } });
    expect((await failureOf(directory)).message).to.include('a path inside the bundle');
  });

  it('reads the bundle that the project brings, and every byte of it is as its manifest says', async () => {
    const bundle = await readBundle('models/mini-clip', { verify: true });
    expect(bundle.manifest.id).to.equal('mini-clip');
    expect(bundle.revision).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(bundle.preprocessing.cropSize).to.be.within(64, 448);
    expect(bundle.contextLength).to.be.within(16, 77);
  });

  it('says which file is no JSON', async () => {
    const directory = await writeSampleBundle(models, 'sample');
    await writeFile(join(directory, 'bundle.json'), '{');
    expect((await failureOf(directory)).message).to.match(/bundle\.json is not usable\. Expected JSON/);
  });
});

describe('listBundles', () => {
  it('lists the directories that hold a bundle.json, sorted', async () => {
    const { path, remove } = await temporaryDirectory();
    await writeSampleBundle(path, 'zebra');
    await writeSampleBundle(path, 'ant');
    await mkdir(join(path, 'heads'));
    await writeFile(join(path, 'catalog.json'), '[]');
    expect(await listBundles(path)).to.deep.equal(['ant', 'zebra']);
    await remove();
  });
});

async function failureOf(directory: string, options = {}): Promise<FormatError> {
  const error: unknown = await readBundle(directory, options).catch((reason: unknown) => reason);
  if (error instanceof FormatError) return error;
  throw new Error('Expected a FormatError.');
}
