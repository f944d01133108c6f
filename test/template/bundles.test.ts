import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyBundles } from '../../template/typescript/bundles.mjs';
import { scratchFolder } from './running-server.ts';

function manifestOf(files: Readonly<Record<string, string>>): string {
  const entries = Object.entries(files).map(([path, text]) => ({
    path,
    sha256: createHash('sha256').update(text).digest('hex'),
  }));
  return JSON.stringify({ files: entries });
}

const SMALL = { 'config.json': '{}', 'onnx/vision_model.onnx': 'weights' };

describe('copyBundles', () => {
  let folder: string;
  let remove: () => Promise<void>;
  const write = async (sources: Readonly<Record<string, string>>): Promise<void> => {
    for (const [path, text] of Object.entries(sources)) {
      await mkdir(dirname(join(folder, 'models', path)), { recursive: true });
      await writeFile(join(folder, 'models', path), text);
    }
  };
  beforeEach(async () => {
    ({ path: folder, remove } = await scratchFolder());
    await write({
      'small/bundle.json': manifestOf(SMALL),
      'small/config.json': '{}',
      'small/onnx/vision_model.onnx': 'weights',
      'small/onnx/leftover.part': 'not in the manifest',
      'small/heads/cifar100.safetensors': 'head',
      'small/evaluations/cifar100.json': '{}',
      'small/MODEL_CARD.md': 'card',
      'large/bundle.json': manifestOf({}),
      'heads/cifar100.json': '{}',
      'catalog.json': '[]',
      'training/train.py': '',
    });
  });
  afterEach(() => remove());

  const copy = (names: readonly string[]): Promise<void> =>
    copyBundles({ names, from: join(folder, 'models'), to: join(folder, 'to') });
  const failureOf = (names: readonly string[]): Promise<string | undefined> =>
    copy(names).then(
      () => undefined,
      (error: unknown) => String(error),
    );

  it('copies what the manifest lists, the heads and the card, the definitions and the catalogue', async () => {
    await copy(['small']);
    const there = await readdir(join(folder, 'to'), { recursive: true, withFileTypes: true });
    const files = there
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'to').length + 1));
    expect(files.sort()).to.deep.equal([
      'catalog.json',
      'heads/cifar100.json',
      'small/MODEL_CARD.md',
      'small/bundle.json',
      'small/config.json',
      'small/evaluations/cifar100.json',
      'small/heads/cifar100.safetensors',
      'small/onnx/vision_model.onnx',
    ]);
  });

  it('copies nothing when none is named, even where there are no models at all', async () => {
    await copy([]);
    expect(await readdir(join(folder, 'to'))).to.deep.equal([]);
    await copyBundles({ names: [], from: join(folder, 'nowhere'), to: join(folder, 'to') });
  });

  it('refuses a file that is not what the manifest says', async () => {
    await write({ 'small/onnx/vision_model.onnx': 'tampered' });
    expect(await failureOf(['small'])).to.match(/SHA-256 \w{64} for small\/onnx\/vision_model\.onnx/);
  });

  it('refuses a bundle whose file is missing', async () => {
    await write({ 'small/bundle.json': manifestOf({ ...SMALL, 'tokenizer.json': '{}' }) });
    expect(await failureOf(['small'])).to.contain('for small/tokenizer.json but received no file');
  });

  it('says what there is instead of a bundle that is not', async () => {
    const failure = await failureOf(['smal']);
    expect(failure).to.contain('received smal').and.to.contain('small').and.to.contain('large');
  });
});
