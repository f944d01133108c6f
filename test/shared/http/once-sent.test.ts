import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { onceSent } from '../../../shared/http/once-sent.ts';

/** A response and how often it was said to be done. */
function watched(response: Response) {
  let count = 0;
  return { response: onceSent(response, () => (count += 1)), done: () => count };
}

describe('onceSent', () => {
  it('hands on status, headers and body, and is done when the body was read', async () => {
    const made = new Response('a page', { status: 201, headers: { 'X-Own': 'kept' } });
    const { response, done } = watched(made);
    expect([response.status, response.headers.get('X-Own'), done()]).to.deep.equal([201, 'kept', 0]);
    expect(await response.text()).to.equal('a page');
    expect(done()).to.equal(1);
  });

  it('is done at once where there is no body', () => {
    expect(watched(new Response(null, { status: 204 })).done()).to.equal(1);
  });

  it('is done when nobody wants the rest, and says so to whoever writes it', async () => {
    let reason: unknown;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1)),
      cancel: (given) => void (reason = given),
    });
    const { response, done } = watched(new Response(endless));
    await response.body?.cancel('gone');
    expect([reason, done()]).to.deep.equal(['gone', 1]);
  });

  it('is done once where it is given up while a piece is on its way', async () => {
    const stuck = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
    const { response, done } = watched(new Response(stuck));
    const reader = response.body?.getReader();
    const reading = reader?.read();
    await setImmediate();
    await reader?.cancel('gone');
    expect((await reading)?.done).to.equal(true);
    await setImmediate();
    expect(done()).to.equal(1);
  });

  it('is done when the body fails, and lets it fail', async () => {
    const failing = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('no')),
    });
    const { response, done } = watched(new Response(failing));
    const failure: unknown = await response.text().catch((error: unknown) => error);
    expect(String(failure)).to.equal('Error: no');
    expect(done()).to.equal(1);
  });
});
