import { FormatError } from './format-error.ts';
import { JsonReader } from './json-reader.ts';

/** Bytes of one element. @see https://huggingface.co/docs/safetensors */
const DTYPE_BYTES = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};
export type Dtype = keyof typeof DTYPE_BYTES;

/** The reference implementation's own bound on the header, in bytes. */
const MAX_HEADER_BYTES = 100_000_000;

export interface Tensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Little-endian elements, row-major. */
  readonly data: Uint8Array;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file that may come from anywhere: header length, types, shapes and offsets are checked before a
 * byte of data is touched, and the data must be covered exactly once, without gaps or overlaps.
 *
 * Layout: uint64 little-endian header length, JSON header `{"name": {"dtype", "shape", "data_offsets"}}`, data.
 * @throws FormatError
 */
export function parseSafetensors(bytes: Uint8Array): TensorFile {
  const read = new JsonReader('The safetensors file');
  const { header, data } = splitHeader(bytes);
  const members = read.object(header, 'header');
  const ranges: { name: string; begin: number; end: number }[] = [];
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(members)) {
    if (name === '__metadata__') continue;
    const { tensor, begin, end } = readTensor(read, name, { entry, data });
    ranges.push({ name, begin, end });
    tensors.set(name, tensor);
  }
  ranges.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of ranges) {
    if (begin !== covered) read.reject(`${name}.data_offsets[0]`, String(covered), begin);
    covered = end;
  }
  if (covered !== data.length) read.reject('data', `${covered} bytes`, data.length);
  const metadata = readMetadata(read, members.__metadata__);
  read.check();
  return { tensors, metadata };
}

/** The bytes that `parseSafetensors` reads: data in the map's order, header padded with blanks to 8 bytes. */
export function serialiseSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let length = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [length, length + data.length] };
    length += data.length;
  }
  const json = JSON.stringify(header);
  const unpadded = new TextEncoder().encode(json).length;
  const head = new TextEncoder().encode(json + ' '.repeat((8 - (unpadded % 8)) % 8));
  const bytes = new Uint8Array(8 + head.length + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  let at = 8 + head.length;
  for (const { data } of tensors.values()) {
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}

/** float32 values as a tensor. @throws RangeError when the shape does not hold them */
export function floatTensor(values: Float32Array, shape: readonly number[]): Tensor {
  if (shape.reduce((a, b) => a * b, 1) !== values.length) {
    throw new RangeError(`Expected a shape of ${values.length} values but received [${shape.join(', ')}].`);
  }
  const data = new Uint8Array(values.length * 4);
  const view = new DataView(data.buffer);
  values.forEach((value, index) => view.setFloat32(index * 4, value, true));
  return { dtype: 'F32', shape, data };
}

/** The values of an F32 tensor, copied: data in a file need not be aligned. @throws FormatError for another type */
export function floatValues(tensor: Tensor, name: string): Float32Array {
  if (tensor.dtype !== 'F32') {
    const message = `Expected F32 for \`${name}.dtype\` but received ${tensor.dtype}.`;
    throw new FormatError('The safetensors file', [{ field: `${name}.dtype`, message }]);
  }
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  return Float32Array.from({ length: tensor.data.length / 4 }, (_, index) =>
    view.getFloat32(index * 4, true),
  );
}

function splitHeader(bytes: Uint8Array): { header: unknown; data: Uint8Array } {
  const fail = (field: string, expected: string, received: string): never => {
    const message = `Expected ${expected} for \`${field}\` but received ${received}.`;
    throw new FormatError('The safetensors file', [{ field, message }]);
  };
  if (bytes.length < 8) return fail('header length', '8 bytes', String(bytes.length));
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const most = Math.min(MAX_HEADER_BYTES, bytes.length - 8);
  if (length > BigInt(most)) return fail('header length', `at most ${most}`, String(length));
  const end = 8 + Number(length);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, end));
    return { header: JSON.parse(text), data: bytes.subarray(end) };
  } catch {
    return fail('header', 'JSON in UTF-8', `${Number(length)} other bytes`);
  }
}

function readTensor(read: JsonReader, name: string, from: { entry: unknown; data: Uint8Array }) {
  const entry = read.object(from.entry, name);
  const isKnown = typeof entry.dtype === 'string' && Object.hasOwn(DTYPE_BYTES, entry.dtype);
  if (!isKnown) read.reject(`${name}.dtype`, `one of ${Object.keys(DTYPE_BYTES).join(', ')}`, entry.dtype);
  const dtype = isKnown ? (entry.dtype as Dtype) : 'U8';
  const whole = { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true };
  const shape = read
    .list(entry.shape, `${name}.shape`, { min: 0, max: 8 })
    .map((side, axis) => read.number(side, `${name}.shape[${axis}]`, whole));
  const offsets = read.list(entry.data_offsets, `${name}.data_offsets`, { min: 2, max: 2 });
  const within = { min: 0, max: from.data.length, integer: true };
  const [begin = 0, end = 0] = offsets.map((at, index) =>
    read.number(at, `${name}.data_offsets[${index}]`, within),
  );
  const bytes = shape.reduce((a, b) => a * b, 1) * DTYPE_BYTES[dtype];
  if (end - begin !== bytes) read.reject(`${name}.data_offsets`, `${bytes} bytes`, end - begin);
  return { tensor: { dtype, shape, data: from.data.subarray(begin, end) }, begin, end };
}

function readMetadata(read: JsonReader, value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(value === undefined ? {} : read.object(value, '__metadata__'));
  for (const [key, text] of entries) {
    if (typeof text !== 'string') read.reject(`__metadata__.${key}`, 'a text', text);
  }
  return Object.fromEntries(entries) as Record<string, string>;
}
