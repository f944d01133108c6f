import { expect } from 'chai';
import { mapLimited } from '../../../../functions/clip/flow/map-limited.ts';
import { within } from '../../../../functions/clip/flow/within.ts';
import { AppError } from '../../../../shared/core/errors.ts';

describe('mapLimited', () => {
  it('keeps the order of the items, and no more than so many under way', async () => {
    let underWay = 0;
    let most = 0;
    const results = await mapLimited([5, 1, 4, 2, 3], 2, async (ms) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, ms));
      underWay -= 1;
      return ms * 10;
    });
    expect(results).to.deep.equal([50, 10, 40, 20, 30]);
    expect(most).to.equal(2);
  });

  it('is empty for nothing', async () => {
    expect(await mapLimited([], 4, () => Promise.reject(new Error('never')))).to.deep.equal([]);
  });
});

describe('within', () => {
  it('gives what is loaded, and its failure', async () => {
    expect(await within(Promise.resolve(7), { waitMs: 1_000 }, 'It')).to.equal(7);
    const failure = await within(Promise.reject(new Error('no')), { waitMs: 1_000 }, 'It').catch(
      (error: unknown) => error,
    );
    expect(failure).to.have.property('message', 'no');
  });

  it('says not-ready when it takes too long', async () => {
    const failure = await within(new Promise(() => undefined), { waitMs: 5 }, 'The model x').catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.an.instanceOf(AppError).with.property('code', 'not-ready');
    expect(failure).to.have.property('message').that.contains('The model x');
  });

  it('says so at once when the time for an answer is over, and gives up when the client has left', async () => {
    const never = new Promise(() => undefined);
    const codeAfter = (signal: AbortSignal) =>
      within(never, { waitMs: 60_000, signal }, 'It').catch((error: unknown) =>
        error instanceof AppError ? error.code : error,
      );
    expect(await codeAfter(AbortSignal.timeout(1))).to.equal('not-ready');
    const left = new AbortController();
    const waiting = codeAfter(left.signal);
    left.abort();
    expect(await waiting).to.equal('bad-request');
    expect(await codeAfter(left.signal)).to.equal('bad-request');
  });
});
