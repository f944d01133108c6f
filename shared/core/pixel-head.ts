import type { BundleFile } from './bundle.ts';
import { parseFiles } from './bundle-manifest.ts';
import { HEAD_ID, parseLabel } from './head-definition.ts';
import { headVersion } from './head-version.ts';
import type { LinearHead } from './head.ts';
import { JsonReader } from './json-reader.ts';

/** `models/heads/<id>/head.json`: a head with a network of its own, which looks at pixels in place of an embedding. */
export interface PixelHeadDefinition {
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  /** In the order of the network's outputs. */
  readonly labels: readonly string[];
  /** Divides the outputs before the softmax. */
  readonly temperature: number;
  /** Energy score below which none of the labels fits. */
  readonly noneThreshold: number;
  readonly files: readonly BundleFile[];
}

/** @throws FormatError naming every field that is wrong */
export function parsePixelHead(json: unknown): PixelHeadDefinition {
  const read = new JsonReader('head.json');
  const members = read.object(json, 'head.json');
  const definition: PixelHeadDefinition = {
    id: read.text(members.id, 'id', HEAD_ID),
    title: read.text(members.title, 'title'),
    licence: read.text(members.licence, 'licence'),
    labels: read
      .list(members.labels, 'labels', { min: 2, max: 1_000 })
      .map((label, at) => parseLabel(read, label, `labels[${at}]`)),
    temperature: read.number(members.temperature, 'temperature', { min: 1e-6, max: 1e6 }),
    noneThreshold: read.number(members.noneThreshold, 'noneThreshold', { min: -1e6, max: 1e6 }),
    files: parseFiles(read, members.files),
  };
  read.check();
  return definition;
}

/**
 * The head's scoring: W is 1 and b is 0, since the network's outputs are logits already.
 * @param revision `sha256:…` over its files
 */
export async function scoringOf(definition: PixelHeadDefinition, revision: string): Promise<LinearHead> {
  const { id, title, labels, temperature, noneThreshold } = definition;
  const size = labels.length;
  const head = {
    id,
    title,
    kind: 'onnx' as const,
    bundleRevision: revision,
    labels,
    weights: Float32Array.from({ length: size * size }, (_, at) => Number(at % (size + 1) === 0)),
    bias: new Float32Array(size),
    scale: 1,
    temperature,
    noneThreshold,
  };
  return { ...head, version: await headVersion(head) };
}
