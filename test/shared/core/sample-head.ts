import type { LinearHead } from '../../../shared/core/head.ts';
import { headVersion } from '../../../shared/core/head-version.ts';

/** Revision of no bundle that exists. */
export const SAMPLE_REVISION = `sha256:${'0'.repeat(64)}`;

/** A head of two labels on embeddings of two numbers: cat looks along the first axis, dog along the second. */
export async function sampleHead(changes: Partial<LinearHead> = {}): Promise<LinearHead> {
  const head: LinearHead = {
    id: 'cat-dog',
    title: 'Cat or dog',
    kind: 'zero-shot',
    version: '',
    bundleRevision: SAMPLE_REVISION,
    labels: ['cat', 'dog'],
    weights: Float32Array.of(1, 0, 0, 1),
    bias: Float32Array.of(0, 0),
    scale: 100,
    temperature: 1,
    ...changes,
  };
  return { ...head, version: changes.version ?? (await headVersion(head)) };
}
