import type { Bundle } from './bundle.ts';
import type { HeadDefinition, LinearHead } from './head.ts';
import { headVersion } from './head-version.ts';
import { promptsOf } from './prompts.ts';
import { l2Normalise } from './scoring.ts';

/** Prompts that are encoded in one call: bounds memory, and lets others at the encoder in between. */
const PROMPTS_A_CALL = 64;

/** Texts to L2-normalised float32 embeddings [embeddingSize], one each. */
export type EncodeTexts = (texts: readonly string[]) => Promise<readonly Float32Array[]>;

/**
 * A head without training: each label's row is the mean of the normalised embeddings of its prompts, normalised.
 * It serves definitions and own labels (`ownLabels`) alike.
 *
 * @example two prompts at (1, 0) and (0, 1): mean (0.5, 0.5), row (0.707, 0.707)
 * @throws RangeError when the encoder answers with other than `embeddingSize` numbers for each prompt
 * @see Radford et al. 2021, §3.1.4, prompt ensembling
 */
export async function buildZeroShotHead(
  definition: HeadDefinition,
  bundle: Pick<Bundle, 'manifest' | 'revision'>,
  encodeTexts: EncodeTexts,
): Promise<LinearHead> {
  const { embeddingSize, logitScale, noneThresholds } = bundle.manifest;
  const noneThreshold = noneThresholds?.[definition.id] ?? bundle.manifest.noneThreshold;
  const prompts = definition.labels.flatMap((label, row) =>
    promptsOf(label, definition.templates).map((text) => ({ row, text })),
  );
  const weights = new Float32Array(definition.labels.length * embeddingSize);
  for (let at = 0; at < prompts.length; at += PROMPTS_A_CALL) {
    const batch = prompts.slice(at, at + PROMPTS_A_CALL);
    const embeddings = await encodeTexts(batch.map(({ text }) => text));
    for (const [index, { row }] of batch.entries())
      addTo(rowOf(weights, row, embeddingSize), embeddings[index]);
  }
  for (const row of definition.labels.keys()) {
    const sum = rowOf(weights, row, embeddingSize);
    sum.set(l2Normalise(sum));
  }
  const head = {
    id: definition.id,
    title: definition.title,
    kind: 'zero-shot' as const,
    bundleRevision: bundle.revision,
    labels: definition.labels.map(({ label }) => label),
    weights,
    bias: new Float32Array(definition.labels.length),
    scale: logitScale,
    temperature: 1,
    ...(noneThreshold !== undefined && { noneThreshold }),
  };
  return { ...head, version: await headVersion(head) };
}

function rowOf(weights: Float32Array, row: number, size: number): Float32Array {
  return weights.subarray(row * size, (row + 1) * size);
}

/** The sum has the mean's direction, and only that is kept. */
function addTo(sum: Float32Array, embedding: Float32Array | undefined): void {
  if (embedding?.length !== sum.length) {
    throw new RangeError(
      `Expected ${sum.length} values for an embedding but received ${embedding?.length ?? 0}.`,
    );
  }
  embedding.forEach((value, at) => {
    sum[at] = (sum[at] ?? 0) + value;
  });
}
