import type { Bundle } from '../../shared/core/bundle.ts';
import type { HeadDefinition, HeadKind, LinearHead } from '../../shared/core/head.ts';
import { DEFAULT_TEMPLATE, OWN_LABELS_ID } from '../../shared/core/own-labels.ts';
import { buildZeroShotHead, type EncodeTexts } from '../../shared/core/zero-shot.ts';
import { readHeadDefinitions, readPreparedHead } from '../../shared/io/head-directory.ts';
import { readPixelHeads, type PixelHead } from '../../shared/io/pixel-head-directory.ts';
import { headState, isCurrent } from '../models/prepared-list.ts';
import { UserError } from '../command/user-error.ts';
import type { DataSet } from './data-set.ts';

export type { HeadKind };

/**
 * The definition of a head by its id. `labels` are own labels: one for each class of the data, as a page's visitor
 * would type them.
 * @throws UserError when there is no such head
 */
export async function definitionOf(
  id: string,
  modelsDir: string,
  own: { data: DataSet; templates: readonly string[] },
): Promise<HeadDefinition> {
  if (id === OWN_LABELS_ID) return ownDefinition(own.data, own.templates);
  const definitions = await readHeadDefinitions(modelsDir);
  const found = definitions.find((definition) => definition.id === id);
  if (found !== undefined) return own.templates.length > 0 ? { ...found, templates: own.templates } : found;
  const pixelHeads = (await readPixelHeads(modelsDir)).map(({ head }) => head);
  const ids = [...[...definitions, ...pixelHeads].map((head) => head.id), OWN_LABELS_ID].join(', ');
  throw new UserError(`Expected one of ${ids} for --head but received "${id}".`);
}

/**
 * A head with a network of its own, as the data are matched with it.
 * @throws UserError when it is asked for in another kind, or with templates
 */
export function definitionOfPixelHead(
  { head: { id, title, labels } }: PixelHead,
  asked: { kind?: HeadKind; templates: readonly string[] },
): HeadDefinition {
  if (asked.kind !== undefined && asked.kind !== 'onnx') {
    throw new UserError(`${id} has a network of its own. Leave out --kind ${asked.kind}.`);
  }
  if (asked.templates.length > 0) throw new UserError(`${id} has no prompts. Leave out --template.`);
  return { id, title, labels: labels.map((label) => ({ label })), templates: [] };
}

/**
 * The head of this kind for this bundle; without a kind, what is served: the stored one, else zero-shot. A zero-shot
 * head that is stored and current is taken as it is, any other is made anew.
 * @throws UserError when a linear head is asked for that nobody trained for this bundle
 */
export async function headOf(
  definition: HeadDefinition,
  kind: HeadKind | undefined,
  from: { bundle: Bundle; encodeTexts: EncodeTexts },
): Promise<LinearHead> {
  const stored = await readPreparedHead(from.bundle, definition.id);
  const state = await headState(from.bundle, definition);
  if (stored !== undefined && isCurrent(state) && (kind === undefined || stored.kind === kind)) return stored;
  if (kind === 'onnx') throw new UserError(`${definition.id} has no network of its own.`);
  if (kind !== 'linear') return buildZeroShotHead(definition, from.bundle, from.encodeTexts);
  const { id } = from.bundle.manifest;
  throw new UserError(`${id} has no linear head ${definition.id}. Measure it with --kind zero-shot.`);
}

function ownDefinition({ pictures }: DataSet, templates: readonly string[]): HeadDefinition {
  const labels = [...new Set(pictures.map(({ truth, said }) => (truth.label ?? said).replaceAll('_', ' ')))];
  return {
    id: OWN_LABELS_ID,
    title: 'Own labels',
    labels: labels.map((label) => ({ label })),
    templates: templates.length > 0 ? templates : [DEFAULT_TEMPLATE],
  };
}
