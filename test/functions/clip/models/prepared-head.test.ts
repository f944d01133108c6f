import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { serialiseHead } from '../../../../shared/core/head-file.ts';
import { readBundle } from '../../../../shared/io/bundle-directory.ts';
import { writePreparedHead } from '../../../../shared/io/head-directory.ts';
import { sampleHead, SAMPLE_REVISION } from '../../../shared/core/sample-head.ts';
import { answerOf, picture, startClip, type ClipUnderTest } from '../harness.ts';

/** Says blue of what the prompts call red. */
const headOf = (bundleRevision: string) =>
  sampleHead({
    id: 'cifar100',
    kind: 'linear',
    bundleRevision,
    labels: ['red', 'green', 'blue'],
    weights: Float32Array.of(0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0),
    bias: Float32Array.of(0, 0, 0),
  });

describe('clip: a linear head of a bundle', () => {
  let clip: ClipUnderTest | undefined;
  afterEach(() => clip?.stop());

  const place = async (modelsDir: string, bytes: Uint8Array) => {
    await mkdir(join(modelsDir, 'tiny', 'heads'), { recursive: true });
    await writeFile(join(modelsDir, 'tiny', 'heads', 'cifar100.safetensors'), bytes);
  };
  const startWith = (prepare: (modelsDir: string) => Promise<void>) => startClip({}, {}, prepare);
  const best = async (one: ClipUnderTest) => {
    const answer = await answerOf(await one.post(await picture('red')));
    return {
      label: answer.predictions[0]?.label,
      hasSimilarity: answer.predictions[0]?.similarity !== undefined,
    };
  };
  const warnings = (one: ClipUnderTest) => one.log.lines.filter(({ level }) => level === 'warn');

  it('answers for that bundle, without similarities', async () => {
    clip = await startWith(async (modelsDir) => {
      const bundle = await readBundle(join(modelsDir, 'tiny'));
      await writePreparedHead(bundle, await headOf(bundle.revision));
    });
    expect(await best(clip)).to.deep.equal({ label: 'blue', hasSimilarity: false });
    expect(warnings(clip)).to.deep.equal([]);
  });

  const unfit: [string, () => Promise<Uint8Array>, string][] = [
    ['is of another bundle', async () => serialiseHead(await headOf(SAMPLE_REVISION)), SAMPLE_REVISION],
    ['is damaged', async () => serialiseHead(await headOf(SAMPLE_REVISION)).subarray(0, -1), 'data'],
  ];
  for (const [what, bytes, reason] of unfit) {
    it(`gives way to the prompts where it ${what}, and the log says so`, async () => {
      clip = await startWith(async (modelsDir) => place(modelsDir, await bytes()));
      expect(await best(clip)).to.deep.equal({ label: 'red', hasSimilarity: true });
      const [line] = warnings(clip);
      expect(line?.fields).to.include({ model: 'tiny', head: 'cifar100' });
      expect((line?.fields as { reason: string }).reason).to.contain(reason);
    });
  }
});
