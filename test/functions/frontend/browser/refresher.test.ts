import { expect } from 'chai';

import { backOffMs, Refresher } from '../../../../functions/frontend/browser/status/refresher.ts';

/** A refresher whose answers a test gives, with times short enough to wait for. */
class Watched {
  readonly asked: {
    resolve: (value: string) => void;
    reject: (error: Error) => void;
    signal: AbortSignal;
  }[] = [];
  readonly told: string[] = [];
  readonly refresher: Refresher<string>;

  constructor(patienceMs = 10_000) {
    this.refresher = new Refresher<string>({
      ask: (signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          this.asked.push({ resolve, reject, signal });
        }),
      onFresh: (value) => this.told.push(value),
      onAway: (nextMs) => this.told.push(`away, again in ${nextMs}`),
      everyMs: 1,
      longestMs: 4,
      patienceMs,
    });
  }

  /** The question with this number, once it is asked. */
  async question(number: number) {
    for (;;) {
      const question = this.asked[number];
      if (question !== undefined) return question;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 15));

describe('Refresher', () => {
  it('asks again after each answer, one question at a time', async () => {
    const { refresher, asked, told } = new Watched();
    refresher.askNow();
    await moment();
    expect(asked).to.have.length(1);
    asked[0]?.resolve('one');
    await moment();
    expect(asked).to.have.length(2);
    asked[1]?.resolve('two');
    await moment();
    expect(told).to.deep.equal(['one', 'two']);
    refresher.stop();
  });

  it('asks ever more rarely while no answer comes, and as often as before after the first', async () => {
    const watched = new Watched();
    watched.refresher.askNow();
    for (let number = 0; number < 4; number += 1) (await watched.question(number)).reject(new Error('gone'));
    (await watched.question(4)).resolve('back');
    (await watched.question(5)).reject(new Error('gone'));
    await watched.question(6);
    watched.refresher.stop();
    expect(watched.told.map((text) => text.replace('away, again in ', ''))).to.deep.equal([
      '1',
      '2',
      '4',
      '4',
      'back',
      '1',
    ]);
  });

  it('gives up an answer that does not come', async () => {
    const watched = new Watched(5);
    watched.refresher.askNow();
    await watched.question(1);
    watched.refresher.stop();
    expect(watched.told[0]).to.equal('away, again in 1');
  });

  it('is silent once it is stopped, whatever still comes', async () => {
    const { refresher, asked, told } = new Watched();
    refresher.askNow();
    refresher.stop();
    expect(asked[0]?.signal.aborted).to.equal(true);
    asked[0]?.resolve('late');
    refresher.askLater();
    refresher.stop();
    await moment();
    expect(told).to.deep.equal([]);
    expect(asked).to.have.length(1);
  });

  it('never waits longer than it was told to', () => {
    expect([1, 2, 3, 9, 2_000].map((failures) => backOffMs(failures, 5_000, 60_000))).to.deep.equal([
      5_000, 10_000, 20_000, 60_000, 60_000,
    ]);
  });
});
