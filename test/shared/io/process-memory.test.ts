import { expect } from 'chai';

import { memoryLimit, processMemory } from '../../../shared/io/process-memory.ts';

describe('processMemory', () => {
  it('grows with what the process holds', () => {
    const before = processMemory().residentBytes;
    const held = Buffer.alloc(64 * 2 ** 20, 1);
    expect(processMemory().residentBytes - before).to.be.greaterThan(held.length / 2);
  });

  it('has a limit only where one is set that means something', () => {
    expect(memoryLimit(512 * 2 ** 20, 16e9)).to.equal(512 * 2 ** 20);
    for (const none of [undefined, 0, 2 ** 64, 17e9]) expect(memoryLimit(none, 16e9)).to.equal(undefined);
  });
});
