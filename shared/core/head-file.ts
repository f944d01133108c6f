import type { LinearHead } from './head.ts';
import { HEAD_ID, parseLabel } from './head-definition.ts';
import { FormatError } from './format-error.ts';
import { JsonReader } from './json-reader.ts';
import { floatTensor, floatValues, parseSafetensors, serialiseSafetensors } from './safetensors.ts';

/** Raised when the layout changes; a reader refuses what it does not know. */
const FORMAT = 'clip-functions head 1';
const SHA256 = { pattern: /^sha256:[0-9a-f]{64}$/, expected: 'sha256: and 64 hexadecimal digits' };
const KIND = { pattern: /^(zero-shot|linear)$/, expected: 'zero-shot or linear' };

/**
 * A head as a safetensors file: tensors `weights` [labels, embeddingSize] and `bias` [labels], all else as metadata.
 * Safetensors rather than JSON: exact float32, a quarter of the size, readable from Python, and never code.
 */
export function serialiseHead(head: LinearHead): Uint8Array {
  const size = head.weights.length / head.labels.length;
  const { id, title, kind, version, bundleRevision, labels, scale, temperature, noneThreshold, accuracy } =
    head;
  const cosines = head.hasCosines === true ? { cosines: 'true' } : {};
  const numbers = { scale, temperature, noneThreshold, accuracy };
  return serialiseSafetensors({
    tensors: new Map([
      ['weights', floatTensor(head.weights, [labels.length, size])],
      ['bias', floatTensor(head.bias, [labels.length])],
    ]),
    metadata: {
      format: FORMAT,
      ...{ id, title, kind, version, bundleRevision, ...cosines },
      labels: JSON.stringify(labels),
      ...Object.fromEntries(
        Object.entries(numbers).flatMap(([name, n]) => (n === undefined ? [] : [[name, String(n)]])),
      ),
    },
  });
}

/**
 * Reads what `serialiseHead` wrote, and trusts none of it. That the version agrees with the content is for the caller
 * to check (`headVersion`), since hashing is asynchronous.
 * @throws FormatError naming every field that is wrong
 */
export function parseHead(bytes: Uint8Array): LinearHead {
  const { tensors, metadata } = parseSafetensors(bytes);
  const read = new JsonReader('The head file');
  if (metadata.format !== FORMAT) read.reject('format', JSON.stringify(FORMAT), metadata.format);
  const labels = readLabels(read, metadata.labels);
  const head = {
    id: read.text(metadata.id, 'id', HEAD_ID),
    title: read.text(metadata.title, 'title'),
    kind: read.text(metadata.kind, 'kind', KIND) as LinearHead['kind'],
    version: read.text(metadata.version, 'version', SHA256),
    bundleRevision: read.text(metadata.bundleRevision, 'bundleRevision', SHA256),
    labels,
    scale: readNumber(read, metadata.scale, { field: 'scale', min: 1e-6, max: 1e6 }),
    temperature: readNumber(read, metadata.temperature, { field: 'temperature', min: 1e-6, max: 1e6 }),
    ...(metadata.noneThreshold !== undefined && {
      noneThreshold: readNumber(read, metadata.noneThreshold, {
        field: 'noneThreshold',
        min: -1e6,
        max: 1e6,
      }),
    }),
    ...(metadata.cosines !== undefined && { hasCosines: true as const }),
    ...(metadata.accuracy !== undefined && {
      accuracy: readNumber(read, metadata.accuracy, { field: 'accuracy', min: 0, max: 1 }),
    }),
  };
  read.check();
  const weights = readTensor(tensors, 'weights', { rows: labels.length, axes: 2 });
  const bias = readTensor(tensors, 'bias', { rows: labels.length, axes: 1 });
  if (metadata.cosines !== undefined) checkCosines(metadata.cosines, weights, bias);
  return { ...head, weights, bias };
}

/** Rows of length 1, but for float32's rounding, and no bias. */
function checkCosines(claim: string, weights: Float32Array, bias: Float32Array): void {
  const size = weights.length / bias.length;
  const isUnit = (_: number, row: number) => {
    const values = weights.subarray(row * size, (row + 1) * size);
    return Math.abs(values.reduce((sum, value) => sum + value * value, 0) - 1) < 1e-3;
  };
  if (claim === 'true' && bias.every((value) => value === 0) && bias.every(isUnit)) return;
  const message = 'Expected rows of length 1 and no bias for `cosines` but received others.';
  throw new FormatError('The head file', [{ field: 'cosines', message }]);
}

function readLabels(read: JsonReader, text: string | undefined): readonly string[] {
  let json: unknown;
  try {
    json = JSON.parse(text ?? '');
  } catch {
    json = text;
  }
  const labels = read
    .list(json, 'labels', { min: 1, max: 100_000 })
    .map((label, index) => parseLabel(read, label, `labels[${index}]`));
  if (new Set(labels).size !== labels.length) read.reject('labels', 'labels that differ', json);
  return labels;
}

function readNumber(
  read: JsonReader,
  text: string | undefined,
  rule: { field: string; min: number; max: number },
): number {
  const isNumber = text !== undefined && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text);
  return read.number(isNumber ? Number(text) : text, rule.field, rule);
}

function readTensor(
  tensors: ReturnType<typeof parseSafetensors>['tensors'],
  name: string,
  shape: { rows: number; axes: number },
): Float32Array {
  const fail = (expected: string, received: string): never => {
    const message = `Expected ${expected} for \`${name}\` but received ${received}.`;
    throw new FormatError('The head file', [{ field: name, message }]);
  };
  const tensor = tensors.get(name);
  if (tensor === undefined) return fail('a tensor', 'nothing');
  const isEmpty = tensor.data.length === 0;
  if (isEmpty || tensor.shape.length !== shape.axes || tensor.shape[0] !== shape.rows) {
    return fail(`${shape.rows} rows and ${shape.axes} axes`, `[${tensor.shape.join(', ')}]`);
  }
  const values = floatValues(tensor, name);
  return values.every(Number.isFinite) ? values : fail('finite numbers', 'others');
}
