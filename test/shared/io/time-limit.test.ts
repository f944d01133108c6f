import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { timeLimit } from '../../../shared/io/time-limit.ts';

describe('timeLimit', () => {
  it('fires though memory was cleared meanwhile and nobody holds the signal', async function () {
    this.timeout(10_000);
    setFlagsFromString('--expose-gc');
    const clearMemory = runInNewContext('gc') as () => void;
    const { signal: never } = new AbortController();
    const reason = new Promise<unknown>((resolve) => {
      const signal = timeLimit(200, never);
      signal.addEventListener('abort', ({ target }) => resolve((target as AbortSignal).reason));
    });
    for (let times = 0; times < 5; times++) {
      await pause(10);
      clearMemory();
    }
    expect(await reason).to.include({ name: 'TimeoutError' });
  });

  it('ends sooner with the signal that it was given, for its reason', () => {
    const leaving = new AbortController();
    const signal = timeLimit(60_000, leaving.signal);
    leaving.abort('gone');
    expect(signal.reason).to.equal('gone');
  });
});
