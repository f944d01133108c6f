import { expect } from 'chai';
import { SingleFlight } from '../../../../functions/clip/flow/single-flight.ts';
import { AppError } from '../../../../shared/core/errors.ts';

/** Work that ends when the test says so, and notes when it is called off. */
function work() {
  const state = {
    starts: 0,
    isCalledOff: false,
    finish: (value: number): void => expect.fail(`It was to end with ${value} before it began.`),
    fail: (error: Error): void => expect.fail(`It was to fail with ${error.message} before it began.`),
  };
  const start = (signal: AbortSignal) => {
    state.starts += 1;
    signal.addEventListener('abort', () => (state.isCalledOff = true));
    return new Promise<number>((resolve, reject) => {
      state.finish = resolve;
      state.fail = reject;
    });
  };
  return { state, start };
}

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );

describe('SingleFlight', () => {
  it('does the same work once, for all who asked meanwhile', async () => {
    const { state, start } = work();
    const flights = new SingleFlight<number>();
    const results = [1, 2, 3].map(() => flights.run('a', start, undefined));
    expect(flights.size).to.equal(1);
    state.finish(7);
    expect(await Promise.all(results)).to.deep.equal([
      { value: 7, isShared: false },
      { value: 7, isShared: true },
      { value: 7, isShared: true },
    ]);
    expect(state.starts).to.equal(1);
    expect(flights.size).to.equal(0);
  });

  it('does other work beside it, and the same again later', async () => {
    const flights = new SingleFlight<string>();
    const say = (text: string) => flights.run(text, () => Promise.resolve(text), undefined);
    const values = (await Promise.all([say('a'), say('b')])).map(({ value }) => value);
    expect(values).to.deep.equal(['a', 'b']);
    expect((await say('a')).isShared).to.equal(false);
  });

  it('fails for all when it fails', async () => {
    const { state, start } = work();
    const flights = new SingleFlight<number>();
    const reasons = [1, 2].map(() => reasonOf(flights.run('a', start, undefined)));
    state.fail(new Error('no'));
    for (const reason of await Promise.all(reasons)) expect(reason).to.have.property('message', 'no');
    expect(flights.size).to.equal(0);
  });

  it('goes on while one of them still waits, and is called off when the last has left', async () => {
    const { state, start } = work();
    const flights = new SingleFlight<number>();
    const [first, second] = [new AbortController(), new AbortController()];
    const left = [first, second].map(({ signal }) => reasonOf(flights.run('a', start, signal)));
    first.abort();
    expect(await left[0]).to.be.an.instanceOf(AppError);
    expect(state.isCalledOff).to.equal(false);
    second.abort();
    expect(await left[1]).to.be.an.instanceOf(AppError);
    expect(state.isCalledOff).to.equal(true);
    expect(flights.size, 'who comes now starts anew').to.equal(0);
  });

  it('does not begin for who has left already', async () => {
    const { state, start } = work();
    expect(
      await reasonOf(new SingleFlight<number>().run('a', start, AbortSignal.abort())),
    ).to.be.an.instanceOf(AppError);
    expect(state.starts).to.equal(0);
  });
});
