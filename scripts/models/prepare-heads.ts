import type { Bundle } from '../../shared/core/bundle.ts';
import type { HeadDefinition } from '../../shared/core/head.ts';
import { promptsOf } from '../../shared/core/prompts.ts';
import { buildZeroShotHead, type EncodeTexts } from '../../shared/core/zero-shot.ts';
import { writePreparedHead } from '../../shared/io/head-directory.ts';
import { definitionHash } from './definition-hash.ts';
import {
  headState,
  isCurrent,
  readPreparedList,
  writePreparedList,
  type HeadState,
} from './prepared-list.ts';

/** Opens the bundle's text encoder; called only when a head must be made. */
export type OpenTexts = () => Promise<{ encodeTexts: EncodeTexts; close(): Promise<void> }>;

export interface PrepareOptions {
  readonly signal: AbortSignal;
  readonly openTexts: OpenTexts;
  /** Texts embedded so far, of how many, and for which head. */
  readonly onTexts: (done: number, total: number, head: string) => void;
}

/**
 * Computes the zero-shot heads that are absent or stale and stores them with the bundle, so that its text encoder is
 * needed for own labels alone. A head trained for this bundle stays. Twice on one machine gives the same bytes.
 * @returns what was found, by head, before it was mended
 * @throws the signal's reason when it aborts; heads that were finished stay
 */
export async function prepareHeads(
  bundle: Bundle,
  definitions: readonly HeadDefinition[],
  options: PrepareOptions,
): Promise<ReadonlyMap<string, HeadState>> {
  const states = new Map<string, HeadState>();
  for (const definition of definitions) states.set(definition.id, await headState(bundle, definition));
  const missing = definitions.filter(({ id }) => !isCurrent(states.get(id)));
  if (missing.length === 0) return states;
  const texts = await options.openTexts();
  try {
    let done = 0;
    const total = missing.reduce((sum, definition) => sum + promptCount(definition), 0);
    for (const definition of missing) {
      const head = await buildZeroShotHead(definition, bundle, async (batch) => {
        options.signal.throwIfAborted();
        const embeddings = await texts.encodeTexts(batch);
        done += batch.length;
        options.onTexts(done, total, definition.id);
        return embeddings;
      });
      await writePreparedHead(bundle, head);
      const list = await readPreparedList(bundle.directory);
      await writePreparedList(bundle.directory, { ...list, [definition.id]: definitionHash(definition) });
    }
  } finally {
    await texts.close();
  }
  return states;
}

function promptCount({ labels, templates }: HeadDefinition): number {
  return labels.reduce((sum, label) => sum + promptsOf(label, templates).length, 0);
}
