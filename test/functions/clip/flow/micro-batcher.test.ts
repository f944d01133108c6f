import { expect } from 'chai';
import { MicroBatcher } from '../../../../functions/clip/flow/micro-batcher.ts';
import { AppError } from '../../../../shared/core/errors.ts';

const FOREVER = { waitMs: Infinity };

/** A run that ends when the test says so. */
function heldRun() {
  const runs: {
    items: readonly number[];
    finish: (results: readonly number[]) => void;
    fail: (error: Error) => void;
  }[] = [];
  const run = (items: readonly number[]) =>
    new Promise<readonly number[]>((finish, fail) => runs.push({ items, finish, fail }));
  return { runs, run };
}

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('MicroBatcher', () => {
  it('runs an item at once when nobody is at work', () => {
    const { runs, run } = heldRun();
    void new MicroBatcher({ run, maxBatch: 8 }).add(1, FOREVER);
    expect(runs.map(({ items }) => items)).to.deep.equal([[1]]);
  });

  it('runs together what waited together, in order, up to the largest batch', async () => {
    const { runs, run } = heldRun();
    const batcher = new MicroBatcher({ run, maxBatch: 3 });
    const results = [1, 2, 3, 4, 5].map((item) => batcher.add(item, FOREVER));
    expect(batcher.waiting).to.equal(4);
    runs[0]?.finish([10]);
    await turn();
    expect(runs[1]?.items).to.deep.equal([2, 3, 4]);
    runs[1]?.finish([20, 30, 40]);
    await turn();
    expect(runs[2]?.items).to.deep.equal([5]);
    runs[2]?.finish([50]);
    expect((await Promise.all(results)).map(({ result }) => result)).to.deep.equal([10, 20, 30, 40, 50]);
  });

  it('gives a failure to those whose run it was, and goes on', async () => {
    const { runs, run } = heldRun();
    const batcher = new MicroBatcher({ run, maxBatch: 8 });
    const first = reasonOf(batcher.add(1, FOREVER));
    const second = batcher.add(2, FOREVER);
    runs[0]?.fail(new Error('no'));
    expect(await first).to.have.property('message', 'no');
    runs[1]?.finish([20]);
    expect((await second).result).to.equal(20);
  });

  it('does not hand out too few results as somebody else’s', async () => {
    const { runs, run } = heldRun();
    const failure = reasonOf(new MicroBatcher({ run, maxBatch: 8 }).add(1, FOREVER));
    runs[0]?.finish([]);
    expect(await failure).to.be.an.instanceOf(RangeError);
  });

  it('refuses what waited too long, and runs the others without it', async () => {
    const { runs, run } = heldRun();
    const batcher = new MicroBatcher({ run, maxBatch: 8 });
    void batcher.add(1, FOREVER);
    const impatient = reasonOf(batcher.add(2, { waitMs: 5 }));
    const patient = batcher.add(3, FOREVER);
    expect(await impatient)
      .to.be.an.instanceOf(AppError)
      .with.property('code', 'busy');
    runs[0]?.finish([10]);
    await turn();
    expect(runs[1]?.items).to.deep.equal([3]);
    runs[1]?.finish([30]);
    expect((await patient).queueMs).to.be.at.least(0);
  });

  it('takes out who has left, but not once their run has begun', async () => {
    const { runs, run } = heldRun();
    const batcher = new MicroBatcher({ run, maxBatch: 8 });
    const leaving = new AbortController();
    const begun = batcher.add(1, { waitMs: Infinity, signal: leaving.signal });
    const waiting = reasonOf(batcher.add(2, { waitMs: Infinity, signal: leaving.signal }));
    leaving.abort();
    expect(await waiting).to.be.an.instanceOf(AppError);
    expect(batcher.waiting).to.equal(0);
    runs[0]?.finish([10]);
    expect((await begun).result).to.equal(10);
    expect(await reasonOf(batcher.add(3, { waitMs: 1, signal: leaving.signal }))).to.be.an.instanceOf(
      AppError,
    );
    expect(runs).to.have.length(1);
  });
});
