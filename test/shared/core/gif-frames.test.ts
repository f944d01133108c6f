import { expect } from 'chai';
import { hasTooManyFrames, MAX_GIF_FRAMES } from '../../../shared/core/gif-frames.ts';

const WITH_TABLE = 0x80;
const header = (packed = 0) => [...Buffer.from('GIF89a'), 1, 0, 1, 0, packed, 0, 0, ...table(packed)];
const table = (packed: number) =>
  Array<number>(packed & WITH_TABLE ? 3 * 2 ** ((packed & 7) + 1) : 0).fill(0x2c);
const subBlocks = [3, 0x2c, 0x2c, 0x2c, 1, 0x21, 0];
const frame = (packed = 0) => [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, packed, ...table(packed), 2, ...subBlocks];
const extension = [0x21, 0xf9, ...subBlocks];
const times = (count: number, block: readonly number[]) => Array.from({ length: count }, () => block).flat();
const gif = (...blocks: readonly (readonly number[])[]) => Uint8Array.from([...blocks.flat(), 0x3b]);

describe('hasTooManyFrames', () => {
  it('takes ten thousand, each with its extension and some with colours of their own', () => {
    const coloured = times(100, [...extension, ...frame(WITH_TABLE | 2)]);
    const plain = times(MAX_GIF_FRAMES - 100, frame());
    expect(hasTooManyFrames(gif(header(WITH_TABLE | 7), coloured, plain))).to.equal(false);
    expect(hasTooManyFrames(gif(header(WITH_TABLE | 7), coloured, plain, frame()))).to.equal(true);
  });

  it('ends where the file does, whatever it claims', () => {
    const whole = gif(header(WITH_TABLE), times(3, frame(WITH_TABLE)));
    for (let bytes = 0; bytes < whole.length; bytes += 1) {
      expect(hasTooManyFrames(whole.subarray(0, bytes))).to.equal(false);
    }
  });
});
