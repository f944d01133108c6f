import { expect } from 'chai';
import { percent, summarise } from '../../../scripts/evaluate/summary.ts';
import type { EvaluationReport } from '../../../shared/core/evaluation-report.ts';

const REPORT: EvaluationReport = {
  model: { id: 'mini-clip', revision: 'sha256:1' },
  head: 'pets',
  kind: 'zero-shot',
  version: 'sha256:2',
  data: 'holiday',
  date: '2026-01-01T00:00:00.000Z',
  n: 10,
  unreadable: 0,
  unknown: 0,
  baseline: 0.6,
  top1: { value: 0.8, interval: [0.49, 0.943] },
  top5: { value: 1, interval: [0.722, 1] },
  loss: 0.51234,
  macro: { precision: 0.75, recall: 0.7, f1: 0.72 },
  classes: [
    { label: 'cat', precision: 1, recall: 0.5, f1: 0.667, support: 4 },
    { label: 'dog', precision: 0.75, recall: 1, f1: 0.857, support: 6 },
    { label: 'hamster', precision: 0, recall: 0, f1: 0, support: 0 },
  ],
  confusion: {
    labels: ['cat', 'dog', 'hamster'],
    cells: [
      [0, 0, 2],
      [0, 1, 2],
      [1, 1, 6],
    ],
  },
  calibration: { n: 5, temperature: 1.5, ece: 0.02, eceBefore: 0.1, bins: [] },
  mistakes: [],
};

describe('summarise', () => {
  const lines = summarise(REPORT).split('\n');
  const lineOf = (start: string) => lines.find((line) => line.trim().startsWith(start)) ?? '';

  it('says first what was measured', () => {
    expect(lines[0]).to.equal('pets (zero-shot) of mini-clip on holiday, 10 pictures');
  });

  it('gives accuracy with its interval beside the baseline', () => {
    expect(lineOf('top-1')).to.contain('80.0 %  (49.0 % … 94.3 %, 95 %)');
    expect(lineOf('majority baseline')).to.contain('60.0 %');
    expect(lineOf('log loss')).to.contain('0.512 nats');
    expect(lineOf('macro')).to.contain('75.0 %, 70.0 %, 72.0 %');
    expect(lineOf('calibration')).to.contain('10.0 %, 2.0 % at temperature 1.50');
  });

  it('lists the hardest labels that occur, the hardest first', () => {
    const at = (label: string) => lines.findIndex((line) => line.startsWith(`${label} `));
    expect(at('cat')).to.be.below(at('dog'));
    expect(at('hamster')).to.equal(-1);
    expect(lineOf('cat').split(/ {2,}/)).to.deep.equal(['cat', '100.0 %', '50.0 %', '66.7 %', '4']);
  });

  it('lists what was taken for what, and nothing that was right', () => {
    expect(lines.filter((line) => line.includes('→'))).to.deep.equal(['  cat → dog: 2']);
  });

  it('says what was left out, only where something was', () => {
    expect(summarise(REPORT)).not.to.contain('Not counted');
    const text = summarise({ ...REPORT, unreadable: 2, unknown: 7 });
    expect(text).to.contain('2 files that could not be read').and.to.contain('7 pictures of labels');
  });

  it('says none where nothing was taken for another', () => {
    const right = { ...REPORT, confusion: { ...REPORT.confusion, cells: [[1, 1, 6]] as const } };
    expect(summarise(right)).to.match(/taken for each other\n {2}none$/);
  });
});

describe('percent', () => {
  it('has one decimal', () =>
    expect([0, 0.73125, 1].map(percent)).to.deep.equal(['0.0 %', '73.1 %', '100.0 %']));
});
