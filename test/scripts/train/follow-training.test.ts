import { expect } from 'chai';
import { followTraining } from '../../../scripts/train/follow-training.ts';
import type { StreamEvent } from '../../../shared/http/read-events.ts';

const DONE: StreamEvent = { event: 'done', data: { version: 'sha256:new' } };

/** A stream that is cut off after these events. */
async function* cutAfter(...events: readonly StreamEvent[]): AsyncGenerator<StreamEvent, void> {
  yield* events;
  await Promise.reject(new Error('cut'));
}

describe('followTraining', () => {
  const follow = (...events: readonly StreamEvent[]) =>
    followTraining({
      client: { train: () => cutAfter(...events) },
      head: 'colours',
      options: {},
      onEvent: () => undefined,
    }).catch((error: unknown) => error);

  it('has what it came for once the version is live, also where the stream is cut off after that', async () => {
    expect(await follow({ event: 'start', data: {} }, DONE)).to.equal(DONE.data);
  });

  it('fails where the stream is cut off before that', async () => {
    expect(await follow({ event: 'start', data: {} }))
      .to.be.an('error')
      .with.property('message', 'cut');
  });
});
