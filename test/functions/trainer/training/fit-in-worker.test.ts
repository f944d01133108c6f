import { expect } from 'chai';
import { createHook } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fitInWorker } from '../../../../functions/trainer/training/fit-in-worker.ts';
import { fit, type Epoch } from '../../../../shared/core/training/fit.ts';
import { clouds } from '../../../fixtures/clouds.ts';

const SHAPE = { classes: 2, size: 8, spread: 2 };
const options = {
  train: clouds({ ...SHAPE, each: 10, seed: 2 }),
  validation: clouds({ ...SHAPE, each: 5, seed: 3 }),
  start: { weights: new Float32Array(2 * 8), bias: new Float32Array(2) },
  seed: 1,
};
const never = new AbortController().signal;

/** Threads that have been started and have not ended. */
class Threads {
  readonly #alive = new Set<number>();
  readonly hook = createHook({
    init: (id, type) => {
      if (type === 'WORKER') this.#alive.add(id);
    },
    destroy: (id) => void this.#alive.delete(id),
  });

  get count(): number {
    return this.#alive.size;
  }
}

describe('fitInWorker', () => {
  it('tells the epochs of fit', async () => {
    const epochs: Epoch[] = [];
    for await (const epoch of fitInWorker(options, never)) epochs.push(epoch);
    expect(epochs).to.deep.equal([...fit(options)]);
  });

  it('ends for a reader who is slower than its thread, which has ended long before', async () => {
    const threads = new Threads();
    threads.hook.enable();
    const epochs = fitInWorker(options, never);
    await epochs.next();
    expect(threads.count).to.equal(1);
    while (threads.count > 0) await pause(5);
    threads.hook.disable();
    let last: Epoch | undefined;
    for await (const epoch of epochs) last = epoch;
    expect(last?.epoch).to.equal([...fit(options)].length);
  });

  it('can be left in the middle', async () => {
    const epochs = fitInWorker(options, never);
    expect((await epochs.next()).value).to.include({ epoch: 1 });
    expect((await epochs.return()).done).to.equal(true);
  });

  it('ends without an error when the signal says so', async () => {
    const late = new AbortController();
    const epochs = fitInWorker(options, late.signal);
    await epochs.next();
    late.abort();
    for await (const epoch of epochs) expect(epoch.epoch).to.be.greaterThan(1);
  });
});
