import { expect } from 'chai';
import { loadWhile } from './load.ts';

describe('a load', () => {
  it('counts every request, and tells each failure: other statuses and throws', async () => {
    let sent = 0;
    const result = await loadWhile(
      (number) => {
        sent += 1;
        if (number === 1) return Promise.resolve(new Response('no room', { status: 503 }));
        return number === 2 ? Promise.reject(new Error('reset')) : Promise.resolve(new Response('well'));
      },
      async () => {
        while (sent < 4) await new Promise((resolve) => setTimeout(resolve, 5));
      },
      200,
    );
    expect(result.sent).to.equal(sent);
    expect(result.failures).to.deep.equal(['1: 503 no room', '2: Error: reset undefined']);
  });

  it('waits for the answers that are still on their way', async () => {
    let answered = 0;
    const { sent } = await loadWhile(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        answered += 1;
        return new Response();
      },
      () => new Promise((resolve) => setTimeout(resolve, 40)),
      200,
    );
    expect(answered).to.equal(sent);
  });
});
