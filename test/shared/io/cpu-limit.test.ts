import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { cpuLimit, parseCpuMax } from '../../../shared/io/cpu-limit.ts';

describe('parseCpuMax', () => {
  const cases: readonly [text: string, cpus: number][] = [
    ['200000 100000\n', 2],
    ['150000 100000', 1.5],
    ['max 100000\n', Infinity],
    ['', Infinity],
    ['0 100000', Infinity],
    ['100000 0', Infinity],
    ['-1 100000', Infinity],
  ];
  for (const [text, cpus] of cases) {
    it(`reads ${JSON.stringify(text)} as ${cpus}`, () => {
      expect(parseCpuMax(text)).to.equal(cpus);
    });
  }
});

describe('cpuLimit', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cpu-limit-'));
  const file = join(directory, 'cpu.max');
  after(() => rmSync(directory, { recursive: true }));

  const cases: readonly [text: string, cores: number, limit: number][] = [
    ['200000 100000', 16, 2],
    ['150000 100000', 16, 1],
    ['50000 100000', 16, 1],
    ['max 100000', 4, 4],
    ['800000 100000', 2, 2],
  ];
  for (const [text, cores, limit] of cases) {
    it(`is ${limit} for "${text}" on ${cores} cores`, () => {
      writeFileSync(file, text);
      expect(cpuLimit(file, cores)).to.equal(limit);
    });
  }

  it('is the number of cores where there is no such file', () => {
    expect(cpuLimit(join(directory, 'absent'), 3)).to.equal(3);
  });
});
