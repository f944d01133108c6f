import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { drawHostileFiles, readHostileFiles } from '../../../scripts/bench/hostile-files.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { decodeImage } from '../../../shared/io/decode-image.ts';

const PREPROCESSING = {
  shortestEdge: 32,
  cropSize: 32,
  resample: 'bicubic',
  rescaleFactor: 1 / 255,
  mean: [0, 0, 0],
  std: [1, 1, 1],
} as const;
const LIMITS = { maxImagePixels: 64_000_000, maxJpegPixels: 256_000_000, timeoutMs: 60_000 };

describe('drawHostileFiles', function () {
  this.timeout(300_000);

  it('draws files that are decoded or refused in words, and never anything else', async () => {
    const files = await drawHostileFiles();
    expect(new Set(files.map(({ name }) => name)).size).to.equal(files.length);
    const outcomes = new Map<string, string>();
    for (const { name, bytes } of files) {
      const outcome = await decodeImage(bytes, PREPROCESSING, LIMITS).then(
        () => 'decoded',
        (error: unknown) => (error instanceof AppError ? error.code : String(error)),
      );
      outcomes.set(name, outcome);
    }
    const allowed = ['decoded', 'undecodable-image', 'unsupported-image'];
    expect([...outcomes].filter(([, outcome]) => !allowed.includes(outcome))).to.deep.equal([]);
    expect(outcomes.get('50 megapixels, interlaced PNG')).to.equal('decoded');
    expect(outcomes.get('200 megapixels, PNG')).to.equal('undecodable-image');
    expect(outcomes.get('PNG that says 2³¹ pixels a side')).to.equal('undecodable-image');
    expect(outcomes.get('text')).to.equal('unsupported-image');
  });
});

describe('readHostileFiles', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hostile-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('reads a folder and its subfolders, without notes, empty files and what no upload may be', async () => {
    await mkdir(join(directory, 'a'));
    await writeFile(join(directory, 'a', 'x.png'), 'x');
    await writeFile(join(directory, 'b.gif'), 'b');
    await writeFile(join(directory, 'SOURCES.md'), 'where from');
    await writeFile(join(directory, 'empty.png'), '');
    await writeFile(join(directory, 'large.png'), Buffer.alloc(10 * 2 ** 20 + 1));
    expect((await readHostileFiles(directory)).map(({ name }) => name)).to.deep.equal(['a/x.png', 'b.gif']);
  });

  it('is empty where there is no folder', async () => {
    expect(await readHostileFiles(join(directory, 'nowhere'))).to.deep.equal([]);
  });
});
