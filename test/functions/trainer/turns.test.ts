import { expect } from 'chai';
import { Turns } from '../../../functions/trainer/examples/turns.ts';

describe('Turns', () => {
  it('does work on one thing in the order in which it comes, also after a failure, and other work beside it', async () => {
    const turns = new Turns();
    const order: string[] = [];
    let endFirst: (() => void) | undefined;
    const first = turns.take('a', async () => {
      await new Promise<void>((resolve) => (endFirst = resolve));
      order.push('first');
      throw new Error('full');
    });
    const second = turns.take('a', () => Promise.resolve(order.push('second')));
    await turns.take('b', () => Promise.resolve(order.push('other')));
    endFirst?.();
    expect(await first.catch((error: unknown) => error)).to.be.an('error', 'full');
    expect(await second).to.equal(3);
    expect(order).to.deep.equal(['other', 'first', 'second']);
  });
});
