import { execFileSync } from 'node:child_process';
import { expect } from 'chai';

import { memoryLimit } from '../../../shared/io/process-memory.ts';

const MODULE = new URL('../../../shared/io/process-memory.ts', import.meta.url);
const HELD_BYTES = 64 * 2 ** 20;

describe('processMemory', () => {
  it('grows with what the process holds', () => {
    // A process of its own: in this one, what other tests held may be given back just then.
    const script = `
      import { processMemory } from ${JSON.stringify(MODULE.href)};
      const before = processMemory().residentBytes;
      const held = Buffer.alloc(${HELD_BYTES}, 1);
      console.log((processMemory().residentBytes - before) / held.length);`;
    const shareOfHeld = execFileSync(process.execPath, [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      script,
    ]);
    expect(Number(shareOfHeld)).to.be.greaterThan(0.5);
  });

  it('has a limit only where one is set that means something', () => {
    expect(memoryLimit(512 * 2 ** 20, 16e9)).to.equal(512 * 2 ** 20);
    for (const none of [undefined, 0, 2 ** 64, 17e9]) expect(memoryLimit(none, 16e9)).to.equal(undefined);
  });
});
