import { expect } from 'chai';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyNatives } from '../../template/typescript/natives.mjs';
import { scratchFolder } from './running-server.ts';

/** onnxruntime-node and sharp as npm installs them, in small. */
const INSTALLED: Readonly<Record<string, string>> = {
  'ort/package.json': JSON.stringify({ dependencies: { 'ort-common': '1', 'adm-zip': '1' } }),
  'ort/dist/index.js': '',
  'ort/dist/index.js.map': '',
  'ort/lib/index.d.ts': '',
  'ort/bin/napi-v6/linux/x64/binding.node': '',
  'ort/bin/napi-v6/linux/x64/libort.so.1': '',
  'ort/bin/napi-v6/linux/x64/libort_providers_cuda.so': '',
  'ort/bin/napi-v6/linux/x64/libort_providers_tensorrt.so': '',
  'ort/bin/napi-v6/linux/arm64/binding.node': '',
  'ort/bin/napi-v6/darwin/arm64/binding.node': '',
  'ort/bin/napi-v6/win32/x64/DirectML.dll': '',
  'ort-common/package.json': '{}',
  'adm-zip/package.json': '{}',
  'sharp/package.json': JSON.stringify({
    optionalDependencies: { '@img/linux-x64': '1', '@img/darwin-arm64': '1', '@img/win32-x64': '1' },
  }),
  '@img/linux-x64/package.json': JSON.stringify({ os: ['linux'], cpu: ['x64'] }),
  '@img/linux-x64/lib/sharp.node': '',
  '@img/darwin-arm64/package.json': JSON.stringify({ os: ['darwin'], cpu: ['arm64'] }),
  'unasked/package.json': '{}',
};

describe('copyNatives', () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ path: folder, remove } = await scratchFolder());
    for (const [path, text] of Object.entries(INSTALLED)) {
      await mkdir(dirname(join(folder, 'from', path)), { recursive: true });
      await writeFile(join(folder, 'from', path), text);
    }
  });
  afterEach(() => remove());

  const copy = (names: readonly string[], platform = 'linux', arch = 'x64') =>
    copyNatives({ names, from: join(folder, 'from'), to: join(folder, 'to'), platform, arch });
  const copied = async (): Promise<string[]> => {
    const entries = await readdir(join(folder, 'to'), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'to').length + 1))
      .sort();
  };

  it('copies packages, what they need, and binaries of this platform only', async () => {
    expect(await copy(['ort', 'sharp'])).to.deep.equal(['@img/linux-x64', 'ort', 'ort-common', 'sharp']);
    expect(await copied()).to.deep.equal([
      '@img/linux-x64/lib/sharp.node',
      '@img/linux-x64/package.json',
      'ort-common/package.json',
      'ort/bin/napi-v6/linux/x64/binding.node',
      'ort/bin/napi-v6/linux/x64/libort.so.1',
      'ort/dist/index.js',
      'ort/package.json',
      'sharp/package.json',
    ]);
  });

  it('serves another platform', async () => {
    expect(await copy(['ort', 'sharp'], 'darwin', 'arm64')).to.include('@img/darwin-arm64');
    expect((await copied()).filter((path) => path.includes('napi'))).to.deep.equal([
      'ort/bin/napi-v6/darwin/arm64/binding.node',
    ]);
  });

  it('copies nothing for a function without natives', async () => {
    expect(await copy([])).to.deep.equal([]);
  });

  it('names a package that is not installed', async () => {
    const failure = await copy(['lmdb']).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    expect(failure).to.contain('Expected the package lmdb');
  });
});
