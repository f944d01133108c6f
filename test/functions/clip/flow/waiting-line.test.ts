import { expect } from 'chai';
import { WaitingLine } from '../../../../functions/clip/flow/waiting-line.ts';
import { AppError } from '../../../../shared/core/errors.ts';

describe('WaitingLine', () => {
  it('is first come, first served', async () => {
    const line = new WaitingLine<string, string>();
    const answers = ['a', 'b'].map((value) => line.wait(value, { waitMs: Infinity }));
    expect(line.next).to.equal('a');
    line.shift()?.resolve('first');
    line.shift()?.resolve('second');
    expect(await Promise.all(answers)).to.deep.equal(['first', 'second']);
    expect(line.shift()).to.equal(undefined);
  });

  it('tells in readable seconds how long somebody waited, whatever was left of the time', async () => {
    const line = new WaitingLine<string, string>();
    const error: unknown = await line.wait('a', { waitMs: 9.658317 }).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(AppError);
    expect((error as AppError).message).to.match(/^Waited 0\.1 s for a turn/);
    expect(line.length).to.equal(0);
  });

  it('lets go of whoever leaves', async () => {
    const line = new WaitingLine<string, string>();
    const leaving = new AbortController();
    const answer = line.wait('a', { waitMs: Infinity, signal: leaving.signal }).catch((e: unknown) => e);
    leaving.abort();
    expect(await answer).to.be.instanceOf(AppError);
    expect(line.length).to.equal(0);
  });
});
