import { expect } from 'chai';
import { markdownTable, milliseconds } from '../../../scripts/bench/markdown-table.ts';

describe('markdownTable', () => {
  it('aligns its columns and says which goals were met', () => {
    const table = markdownTable([
      { what: 'a', value: '1 ms', baseline: 'b: 2 ms', ratio: 0.5, goal: '≤ 3 ms', isMet: true },
      { what: 'longer', value: '9 ms', baseline: 'none', goal: '≤ 3 ms', isMet: false },
      { what: 'c', value: '5', baseline: '' },
    ]);
    expect(table.split('\n')).to.deep.equal([
      '| measured | value | baseline | ratio | goal   |        |',
      '| -------- | ----- | -------- | ----- | ------ | ------ |',
      '| a        | 1 ms  | b: 2 ms  | 0.50  | ≤ 3 ms | met    |',
      '| longer   | 9 ms  | none     |       | ≤ 3 ms | missed |',
      '| c        | 5     |          |       |        |        |',
    ]);
  });

  it('rounds milliseconds to what a reader needs', () => {
    expect([4.83, 99.96, 379.4].map(milliseconds)).to.deep.equal(['4.8 ms', '100.0 ms', '379 ms']);
  });
});
