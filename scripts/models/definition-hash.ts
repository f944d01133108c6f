import type { HeadDefinition } from '../../shared/core/head.ts';
import { promptsOf } from '../../shared/core/prompts.ts';
import { sha256Hex } from '../../shared/io/sha256.ts';

/**
 * SHA-256 over all of a definition that a zero-shot head is made of: id, title, labels in order, and every sentence.
 * A head prepared from another definition is stale.
 */
export function definitionHash({ id, title, labels, templates }: HeadDefinition): string {
  const rows = labels.map((label) => [label.label, ...promptsOf(label, templates)]);
  return `sha256:${sha256Hex(JSON.stringify([id, title, rows]))}`;
}
