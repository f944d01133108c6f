import { expect } from 'chai';
import type { Classifier } from '../../../../functions/trainer/classifier.ts';
import { untilServed } from '../../../../functions/trainer/training/until-served.ts';

const WANTED = { head: 'colours', version: 'sha256:new' };
const NEVER = new AbortController().signal;

/** A classifier that answers one after the other, the last of them for ever, and counts how often it was asked. */
function answering(...answers: readonly (() => Promise<unknown>)[]) {
  let asked = 0;
  const version = () => (answers[Math.min(asked++, answers.length - 1)] ?? Promise.reject)();
  return { classifier: { version } as unknown as Classifier, callId: 'c', asked: () => asked };
}

describe('untilServed', () => {
  it('ends as soon as the classifier answers by the version', async () => {
    const fake = answering(
      () => Promise.reject(new Error('There is no such head.')),
      () => Promise.resolve('sha256:old'),
      () => Promise.resolve('sha256:new'),
    );
    await untilServed(WANTED, { ...fake, signal: NEVER });
    expect(fake.asked()).to.equal(3);
  });

  it('ends when the caller has left', async () => {
    const leaving = new AbortController();
    const fake = answering(() => {
      leaving.abort();
      return Promise.resolve('sha256:old');
    });
    await untilServed(WANTED, { ...fake, signal: leaving.signal });
    expect(fake.asked()).to.equal(1);
  });

  it('gives up in the end where another version is served, or nothing answers', async () => {
    const fake = answering(() => Promise.resolve('sha256:old'));
    await untilServed(WANTED, { ...fake, signal: NEVER });
    expect(fake.asked()).to.be.greaterThan(1);
  });
});
