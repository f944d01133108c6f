import { expect } from 'chai';
import type { BundleManifest } from '../../../shared/core/bundle.ts';
import { headVersion } from '../../../shared/core/head-version.ts';
import { ownLabels } from '../../../shared/core/own-labels.ts';
import { buildZeroShotHead, type EncodeTexts } from '../../../shared/core/zero-shot.ts';
import { SAMPLE_REVISION } from './sample-head.ts';

const MANIFEST: BundleManifest = {
  id: 'tiny',
  title: 'Tiny',
  licence: 'MIT',
  logitScale: 50,
  embeddingSize: 2,
  noneThreshold: 0.25,
  seenLabels: [],
  files: [],
};
const BUNDLE = { manifest: MANIFEST, revision: SAMPLE_REVISION };

describe('buildZeroShotHead', () => {
  it('gives each label the normalised mean of its prompts: the worked example', async () => {
    const definition = {
      id: 'two',
      title: 'Two',
      labels: [
        { label: 'cat', prompts: ['x', 'y'] },
        { label: 'dog', prompts: ['y'] },
      ],
      templates: ['{}'],
    };
    const encode: EncodeTexts = (texts) =>
      Promise.resolve(texts.map((text) => (text === 'x' ? Float32Array.of(1, 0) : Float32Array.of(0, 1))));
    const head = await buildZeroShotHead(definition, BUNDLE, encode);
    const [a, b, c, d] = head.weights;
    expect([a, b]).to.deep.equal([Math.fround(Math.SQRT1_2), Math.fround(Math.SQRT1_2)]);
    expect([c, d]).to.deep.equal([0, 1]);
  });

  it('takes scale and threshold from the bundle, and belongs to its revision', async () => {
    const head = await buildZeroShotHead(ownLabels(['cat', 'dog']), BUNDLE, constant(1, 0));
    expect(head).to.deep.include({
      id: 'labels',
      kind: 'zero-shot',
      labels: ['cat', 'dog'],
      scale: 50,
      temperature: 1,
      noneThreshold: 0.25,
      bundleRevision: SAMPLE_REVISION,
    });
    expect([...head.bias]).to.deep.equal([0, 0]);
    expect(head.version).to.equal(await headVersion(head));
  });

  it('takes the threshold that was measured for the head, where one was', async () => {
    const manifest = { ...MANIFEST, noneThresholds: { labels: 0.4, other: 0.1 } };
    const head = await buildZeroShotHead(ownLabels(['cat']), { ...BUNDLE, manifest }, constant(1, 0));
    expect(head.noneThreshold).to.equal(0.4);
  });

  it('has no threshold where the bundle has none', async () => {
    const { noneThreshold, ...manifest } = MANIFEST;
    expect(noneThreshold).to.equal(0.25);
    const head = await buildZeroShotHead(ownLabels(['cat']), { ...BUNDLE, manifest }, constant(1, 0));
    expect(head).to.not.have.property('noneThreshold');
  });

  it('asks for every prompt once, in calls of at most 64', async () => {
    const asked: string[][] = [];
    const labels = Array.from({ length: 100 }, (_, index) => `thing ${index}`);
    await buildZeroShotHead(ownLabels(labels, 'a {}'), BUNDLE, (texts) => {
      asked.push([...texts]);
      return Promise.resolve(texts.map(() => Float32Array.of(0, 1)));
    });
    expect(asked.map((texts) => texts.length)).to.deep.equal([64, 36]);
    expect(asked.flat()).to.deep.equal(labels.map((label) => `a ${label}`));
  });

  it('refuses embeddings that are of another size, or missing', async () => {
    for (const encode of [constant(1, 0, 0), () => Promise.resolve([])]) {
      const error: unknown = await buildZeroShotHead(ownLabels(['cat']), BUNDLE, encode).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(RangeError).with.property('message').that.includes('Expected 2 values');
    }
  });
});

function constant(...embedding: number[]): EncodeTexts {
  return (texts) => Promise.resolve(texts.map(() => Float32Array.from(embedding)));
}
