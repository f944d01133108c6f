import { expect } from 'chai';
import fc from 'fast-check';
import { FormatError } from '../../../shared/core/format-error.ts';
import {
  floatTensor,
  floatValues,
  parseSafetensors,
  serialiseSafetensors,
  type TensorFile,
} from '../../../shared/core/safetensors.ts';

describe('safetensors', () => {
  it('has the layout of the specification', () => {
    const bytes = serialiseSafetensors({
      tensors: new Map([['w', floatTensor(Float32Array.of(1, -2), [1, 2])]]),
      metadata: { a: 'b' },
    });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    expect(length % 8).to.equal(0);
    expect(JSON.parse(header)).to.deep.equal({
      __metadata__: { a: 'b' },
      w: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
    });
    expect([...bytes.subarray(8 + length)]).to.deep.equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('reads back what it wrote', () => {
    const values = fc.float32Array({ maxLength: 12 });
    const name = fc.string().filter((text) => text !== '__metadata__' && text !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(name, values), fc.dictionary(name, fc.string()), (arrays, metadata) => {
        const tensors = new Map(
          Object.entries(arrays).map(([key, array]) => [key, floatTensor(array, [array.length])]),
        );
        const read = parseSafetensors(serialiseSafetensors({ tensors, metadata }));
        expect({ ...read.metadata }).to.deep.equal({ ...metadata });
        expect(read.tensors.size).to.equal(tensors.size);
        for (const [key, array] of Object.entries(arrays)) {
          const tensor = read.tensors.get(key);
          expect(tensor && [...floatValues(tensor, key)]).to.deep.equal([...array]);
        }
      }),
    );
  });

  it('reads values that are not aligned', () => {
    const shifted = new Uint8Array(3 + 8);
    shifted.set(floatTensor(Float32Array.of(1.5, 2.5), [2]).data, 3);
    const tensor = { dtype: 'F32', shape: [2], data: shifted.subarray(3) } as const;
    expect([...floatValues(tensor, 'w')]).to.deep.equal([1.5, 2.5]);
  });

  it('reads other types, but gives floats of F32 alone', () => {
    const { tensors } = parseSafetensors(file({ n: { dtype: 'U8', shape: [3], data_offsets: [0, 3] } }, 3));
    const tensor = tensors.get('n');
    expect(tensor?.dtype).to.equal('U8');
    expect(() => tensor && floatValues(tensor, 'n')).to.throw(FormatError, 'Expected F32 for `n.dtype`');
  });

  it('refuses a shape that does not hold the values', () => {
    expect(() => floatTensor(Float32Array.of(1, 2), [3])).to.throw(
      RangeError,
      'Expected a shape of 2 values',
    );
  });

  const f32 = (begin: number, end: number, shape: unknown = [1]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  });
  const hostile: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['no header length', new Uint8Array(7), /8 bytes/],
    ['a header longer than the file', withLength(100n, '{}'), /at most 2/],
    ['a header length beyond any number', withLength(2n ** 64n - 1n, '{}'), /at most 2/],
    ['a header that is no JSON', withLength(3n, '{"a'), /JSON/],
    ['a header that is no UTF-8', Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 0xff]), /JSON/],
    ['a header that is a list', withLength(2n, '[]'), /an object for `header`/],
    ['an unknown type', file({ w: { ...f32(0, 4), dtype: 'F33' } }, 4), /`w\.dtype`/],
    ['a type of the prototype', file({ w: { ...f32(0, 4), dtype: 'toString' } }, 4), /`w\.dtype`/],
    ['a negative side', file({ w: f32(0, 4, [-1]) }, 4), /`w\.shape\[0\]`/],
    ['a shape whose product overflows', file({ w: f32(0, 4, [2 ** 52, 2 ** 52]) }, 4), /`w\.data_offsets`/],
    ['offsets behind the end', file({ w: f32(0, 8, [2]) }, 4), /`w\.data_offsets\[1\]`/],
    ['offsets that run backwards', file({ w: f32(4, 0) }, 4), /`w\.data_offsets`/],
    ['offsets that are broken numbers', file({ w: f32(0, 4.5) }, 8), /`w\.data_offsets\[1\]`/],
    ['two tensors over the same bytes', file({ a: f32(0, 4), b: f32(0, 4) }, 4), /`b\.data_offsets\[0\]`/],
    ['a gap between two tensors', file({ a: f32(0, 4), b: f32(8, 12) }, 12), /`b\.data_offsets\[0\]`/],
    ['bytes that no tensor claims', file({ w: f32(0, 4) }, 9), /4 bytes for `data` but received 9/],
    ['metadata that are no texts', file({ __metadata__: { a: 1 } }, 0), /`__metadata__\.a`/],
  ];
  for (const [what, bytes, message] of hostile) {
    it(`refuses ${what}`, () => {
      expect(() => parseSafetensors(bytes)).to.throw(FormatError, message);
    });
  }

  it('either reads any bytes or throws a FormatError', () => {
    const shape = fc.array(fc.oneof(fc.integer({ min: -2, max: 9 }), fc.double()), { maxLength: 3 });
    const entry = fc.record({
      dtype: fc.constantFrom('F32', 'U8', 'nothing'),
      shape,
      data_offsets: fc.array(fc.integer({ min: -2, max: 20 }), { maxLength: 3 }),
    });
    const header = fc.dictionary(fc.string(), fc.oneof(entry, fc.jsonValue()));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(header, fc.nat(20)).map(([json, data]) => file(json, data)),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        const read = attempt(input);
        for (const tensor of read?.tensors.values() ?? [])
          expect(tensor.data.length).to.be.at.most(input.length);
      }),
    );
  });
});

function attempt(bytes: Uint8Array): TensorFile | undefined {
  try {
    return parseSafetensors(bytes);
  } catch (error) {
    expect(error).to.be.instanceOf(FormatError);
    return undefined;
  }
}

function withLength(length: bigint, header: string): Uint8Array {
  const bytes = new Uint8Array(8 + header.length);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  bytes.set(new TextEncoder().encode(header), 8);
  return bytes;
}

function file(header: unknown, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
