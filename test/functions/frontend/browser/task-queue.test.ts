import { expect } from 'chai';

import { TaskQueue } from '../../../../functions/frontend/browser/page/task-queue.ts';

/** A task that ends when told. */
function task(
  log: string[],
  name: string,
): { run: () => Promise<string>; end: () => void; fail: () => void } {
  let settle: { resolve: (name: string) => void; reject: (error: Error) => void } | undefined;
  return {
    run: () => {
      log.push(name);
      return new Promise((resolve, reject) => (settle = { resolve, reject }));
    },
    end: () => settle?.resolve(name),
    fail: () => settle?.reject(new Error(name)),
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('TaskQueue', () => {
  it('runs two at once and the others in their order', async () => {
    const log: string[] = [];
    const queue = new TaskQueue(2);
    const tasks = ['a', 'b', 'c', 'd'].map((name) => task(log, name));
    const results = tasks.map(({ run }) => queue.run(run));
    await settled();
    expect(log).to.deep.equal(['a', 'b']);
    tasks[1]?.end();
    await settled();
    expect(log).to.deep.equal(['a', 'b', 'c']);
    tasks[0]?.end();
    await settled();
    tasks[2]?.end();
    tasks[3]?.end();
    expect(await Promise.all(results)).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('goes on after a task that fails', async () => {
    const log: string[] = [];
    const queue = new TaskQueue(1);
    const [first, second] = [task(log, 'first'), task(log, 'second')];
    const failed = queue.run(first.run).catch((error: unknown) => String(error));
    const done = queue.run(second.run);
    await settled();
    first.fail();
    expect(await failed).to.equal('Error: first');
    await settled();
    second.end();
    expect(await done).to.equal('second');
  });
});
