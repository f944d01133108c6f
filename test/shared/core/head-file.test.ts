import { expect } from 'chai';
import fc from 'fast-check';
import { FormatError } from '../../../shared/core/format-error.ts';
import { parseHead, serialiseHead } from '../../../shared/core/head-file.ts';
import { headVersion } from '../../../shared/core/head-version.ts';
import type { LinearHead } from '../../../shared/core/head.ts';
import { parseSafetensors, serialiseSafetensors } from '../../../shared/core/safetensors.ts';
import { SAMPLE_REVISION, sampleHead } from './sample-head.ts';

describe('a head file', () => {
  it('gives back the head, every bit of every number', async () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    const head = fc.record({
      weights: fc.float32Array({ minLength: 6, maxLength: 6, noNaN: true, noDefaultInfinity: true }),
      bias: fc.float32Array({ minLength: 2, maxLength: 2, noNaN: true, noDefaultInfinity: true }),
      kind: fc.constantFrom('zero-shot' as const, 'linear' as const),
      scale: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      temperature: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      noneThreshold: fc.oneof(
        fc.constant(undefined),
        // Metadata are decimal text, which has no negative zero.
        number.filter((n) => Math.abs(n) < 1e6).map((n) => n + 0),
      ),
      accuracy: fc.oneof(fc.constant(undefined), fc.double({ min: 0, max: 1, noNaN: true })),
    });
    await fc.assert(
      fc.asyncProperty(head, async ({ noneThreshold, accuracy, ...others }) => {
        const written = await sampleHead({
          ...others,
          ...(noneThreshold !== undefined && { noneThreshold }),
          ...(accuracy !== undefined && { accuracy }),
        });
        expect(parseHead(serialiseHead(written))).to.deep.equal(written);
      }),
      { numRuns: 40 },
    );
  });

  it('gives back that a linear head has cosines, and refuses the claim where it has none', async () => {
    const unit = { kind: 'linear', weights: Float32Array.of(0.6, 0.8, 0, 1), hasCosines: true } as const;
    const head = await sampleHead({ ...unit, bias: new Float32Array(2) });
    expect(parseHead(serialiseHead(head))).to.deep.equal(head);
    for (const other of [{ bias: Float32Array.of(0, 1) }, { weights: Float32Array.of(0.6, 0.8, 0, 2) }]) {
      const claimed = await sampleHead({ ...unit, bias: new Float32Array(2), ...other });
      expect(() => parseHead(serialiseHead(claimed))).to.throw(FormatError, /rows of length 1 and no bias/);
    }
    expect(await fieldsAfter({ cosines: 'no' })).to.deep.equal(['cosines']);
  });

  it('names every field of its metadata that is wrong', async () => {
    const fields = await fieldsAfter({
      format: 'other',
      id: 'Cat',
      kind: 'onnx',
      version: 'sha256:1',
      scale: '0x10',
      temperature: '0',
      accuracy: '2',
    });
    expect(fields).to.have.members(['format', 'id', 'kind', 'version', 'scale', 'temperature', 'accuracy']);
  });

  it('refuses labels that are missing, repeated or no list', async () => {
    expect(await fieldsAfter({ labels: '["cat","cat"]' })).to.deep.equal(['labels']);
    expect(await fieldsAfter({ labels: '["cat",""]' })).to.deep.equal(['labels[1]']);
    expect(await fieldsAfter({ labels: '[' })).to.deep.equal(['labels']);
    expect(await fieldsAfter({ labels: '"cat"' })).to.deep.equal(['labels']);
  });

  it('refuses tensors that do not fit the labels', async () => {
    expect(await fieldsAfter({ labels: '["cat","dog","fox"]' })).to.deep.equal(['weights']);
    const { tensors, metadata } = parseSafetensors(serialiseHead(await sampleHead()));
    const weights = tensors.get('weights');
    if (weights === undefined) throw new Error('Expected weights.');
    const without = serialiseSafetensors({ tensors: new Map([['weights', weights]]), metadata });
    expect(() => parseHead(without)).to.throw(
      FormatError,
      'Expected a tensor for `bias` but received nothing.',
    );
  });

  it('refuses numbers that are not finite', async () => {
    const head = await sampleHead({ weights: Float32Array.of(1, NaN, 0, 1) });
    expect(() => parseHead(serialiseHead(head))).to.throw(FormatError, 'finite');
  });

  it('refuses every file that is cut short', async () => {
    const whole = serialiseHead(await sampleHead());
    for (let length = 0; length < whole.length; length += 7) {
      expect(() => parseHead(whole.subarray(0, length))).to.throw(FormatError);
    }
  });
});

describe('headVersion', () => {
  it('is a SHA-256 that does not depend on title and accuracy', async () => {
    const head = await sampleHead();
    expect(head.version).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(await headVersion({ ...head, title: 'Other', accuracy: 0.5 } as LinearHead)).to.equal(
      head.version,
    );
  });

  it('changes with all that changes an answer', async () => {
    const head = await sampleHead();
    const changes: Partial<LinearHead>[] = [
      { id: 'other' },
      { kind: 'linear' },
      { bundleRevision: SAMPLE_REVISION.replace('0', '1') },
      { labels: ['dog', 'cat'] },
      { weights: Float32Array.of(1, 0, 0, -1) },
      { bias: Float32Array.of(0, 1) },
      { scale: 99 },
      { temperature: 2 },
      { noneThreshold: 0 },
      { hasCosines: true },
    ];
    const versions = await Promise.all(changes.map((change) => headVersion({ ...head, ...change })));
    expect(new Set([head.version, ...versions])).to.have.property('size', changes.length + 1);
  });
});

async function fieldsAfter(changes: Readonly<Record<string, string>>): Promise<string[]> {
  const { tensors, metadata } = parseSafetensors(serialiseHead(await sampleHead({ accuracy: 0.5 })));
  try {
    parseHead(serialiseSafetensors({ tensors, metadata: { ...metadata, ...changes } }));
    return [];
  } catch (error) {
    return (error as FormatError).fields.map(({ field }) => field);
  }
}
