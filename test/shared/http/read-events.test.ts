import { expect } from 'chai';
import { readEvents, type StreamEvent } from '../../../shared/http/read-events.ts';

async function read(...pieces: readonly string[]): Promise<readonly StreamEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  const events: StreamEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

const EPOCH = { event: 'epoch', data: { epoch: 1 } };

describe('readEvents', () => {
  it('reads events, wherever the pieces are cut', async () => {
    const text = 'event: epoch\ndata: {"epoch":1}\n\nevent: done\ndata: {"version":"ä"}\n\n';
    const expected = [EPOCH, { event: 'done', data: { version: 'ä' } }];
    expect(await read(text)).to.deep.equal(expected);
    expect(await read(...Array.from(text))).to.deep.equal(expected);
  });

  it('takes lines of other systems, comments, and data of several lines', async () => {
    expect(await read(': hello\r\n\r\nevent:epoch\r\ndata: {\r\ndata: "epoch":1}\r\n\r\n')).to.deep.equal([
      EPOCH,
    ]);
  });

  it('leaves out what is no JSON, and an event that was cut off', async () => {
    expect(
      await read('data: nonsense\n\nevent: epoch\ndata: {"epoch":1}\n\nevent: done\ndata: {'),
    ).to.deep.equal([EPOCH]);
  });
});
