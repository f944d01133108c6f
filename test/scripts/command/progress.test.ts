import { expect } from 'chai';
import { formatBytes, Progress } from '../../../scripts/command/progress.ts';

function record(isTTY: boolean, columns = 200) {
  const written: string[] = [];
  let now = 0;
  const progress = new Progress({
    total: 1000,
    format: String,
    output: { isTTY, columns, write: (text) => written.push(text) },
    now: () => now,
  });
  return { written, progress, pass: (ms: number) => (now += ms) };
}

describe('Progress', () => {
  it('redraws one line on a terminal, not more often than the eye sees', () => {
    const { written, progress, pass } = record(true);
    progress.update(0, 'a');
    progress.update(1, 'a');
    pass(1000);
    progress.update(500, 'a');
    progress.update(1000, 'a');
    progress.end();
    expect(written).to.have.length(4);
    expect(written[1]).to.equal('\r\u001b[K[############············]  50 %  500 of 1000  500/s  a');
    expect(written.at(-1)).to.equal('\n');
  });

  it('writes whole lines elsewhere, one for each tenth', () => {
    const { written, progress } = record(false);
    for (let count = 0; count <= 1000; count += 5) progress.update(count, 'a');
    progress.end();
    expect(written).to.have.length(11);
    expect(written.every((line) => line.endsWith('\n') && !line.includes('\u001b'))).to.equal(true);
  });

  it('counts the speed from where it began, and takes a step back', () => {
    const { written, progress, pass } = record(false);
    progress.update(400, 'a');
    pass(1000);
    progress.update(600, 'a');
    progress.update(100, 'a');
    expect(written[1]).to.contain('  200/s  ');
    expect(written[2]).to.contain('  0/s  ');
  });

  it('says a message above the bar, and keeps the bar within the terminal', () => {
    const { written, progress } = record(true, 30);
    progress.update(10, 'a long name of a file');
    progress.say('a retry');
    expect(written[0]).to.have.length('\r\u001b[K'.length + 29);
    expect(written.slice(1).join('')).to.equal('\r\u001b[Ka retry\n');
  });

  it('is full at once where there is nothing to do', () => {
    const written: string[] = [];
    const output = { write: (text: string) => written.push(text) };
    new Progress({ total: 0, format: String, output }).update(0, 'a');
    expect(written.join('')).to.contain('100 %');
  });
});

describe('formatBytes', () => {
  const rows: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9_949, '9.9 kB'],
    [9_950, '10 kB'],
    [999_600, '1.0 MB'],
    [155_850_671, '156 MB'],
    [2e12, '2000 GB'],
  ];
  for (const [bytes, text] of rows)
    it(`${bytes} is ${text}`, () => expect(formatBytes(bytes)).to.equal(text));
});
