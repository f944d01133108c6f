import { expect } from 'chai';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFunction } from '../../template/typescript/build.mjs';
import { ROOT } from './read-stack.ts';

/** Workers and native packages that each image is to carry, and nothing else. */
const EXPECTED: Readonly<Record<string, { workers: readonly string[]; natives: readonly string[] }>> = {
  frontend: { workers: [], natives: [] },
  clip: {
    workers: ['bmp.worker.js', 'encoder.worker.js'],
    natives: ['lmdb', 'onnxruntime-node', 'sharp'],
  },
  trainer: { workers: ['bmp.worker.js', 'fit.worker.js'], natives: ['lmdb', 'sharp'] },
};

describe('what the build puts into an image', () => {
  let folder: string;

  before(async () => {
    await mkdir(join(ROOT, 'dist'), { recursive: true });
    folder = await mkdtemp(join(ROOT, 'dist', 'image-content-'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`of ${name} is ${[...expected.workers, ...expected.natives].join(', ') || 'plain JavaScript'}`, async () => {
      const functionDir = join(ROOT, 'functions', name);
      const { workers, natives } = await buildFunction({ functionDir, outDir: join(folder, name) });
      expect({ workers: [...workers].sort(), natives }).to.deep.equal(expected);
      const text = await readFile(join(functionDir, 'package.json'), 'utf8');
      const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
      // The image installs what its own package.json names; the repository's node_modules have all.
      expect(Object.keys(dependencies)).to.include.members([...natives]);
    });
  }
});
