import { expect } from 'chai';
import { FatalOnce } from '../../../scripts/gateway/fatal-once.ts';

describe('fatal lines', () => {
  let lines: string[] = [];
  let fatal = new FatalOnce((line) => lines.push(line));

  beforeEach(() => {
    lines = [];
    fatal = new FatalOnce((line) => lines.push(line));
  });

  it('are printed once, those of another function or reason beside them', () => {
    for (const line of ['clip  FATAL a', 'clip  FATAL a', 'clip  FATAL b', 'frontend  FATAL a']) {
      fatal.print(line);
    }
    expect(lines).to.deep.equal(['clip  FATAL a', 'clip  FATAL b', 'frontend  FATAL a']);
  });

  it('are news again once something was changed', () => {
    fatal.print('clip  FATAL a');
    fatal.forget();
    fatal.print('clip  FATAL a');
    expect(lines).to.have.length(2);
  });

  it('leave all other lines alone', () => {
    fatal.print('clip  GET / 200 1 ms');
    fatal.print('clip  GET / 200 1 ms');
    fatal.print('clip  WARN nothing FATAL here');
    fatal.print('clip  WARN nothing FATAL here');
    fatal.print(undefined);
    expect(lines).to.have.length(4);
  });
});
