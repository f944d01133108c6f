import { expect } from 'chai';
import { expectProblem, picture } from './harness.ts';
import { startHeld, until, type HeldClip, type HeldOptions } from './held-clip.ts';

/** The rows of the API's error table that need something to be under way: 429, 500 and 503. */
describe('clip: error table, while much is under way', () => {
  let held: HeldClip | undefined;

  async function start(options: HeldOptions): Promise<HeldClip> {
    held = await startHeld(options);
    return held;
  }

  afterEach(async () => {
    held?.release();
    await held?.clip.stop();
    held = undefined;
  });

  async function expectRetry(response: Response, status: 429 | 503, detail: RegExp): Promise<void> {
    const problem = await expectProblem(response, status);
    expect(problem.detail).to.match(detail);
    expect(Number(response.headers.get('Retry-After'))).to.be.within(1, 10);
  }

  it('429 when the queue is full, and all that were in it are answered', async () => {
    const { clip, release, inFlight } = await start({ env: { max_queue: '2' } });
    const first = [clip.post(await picture('red')), clip.post(await picture('blue'))];
    await until(async () => (await inFlight()) === 2);
    await expectRetry(await clip.post(await picture('green')), 429, /at most 2 pictures/);
    release();
    for (const response of await Promise.all(first)) expect(response.status).to.equal(200);
    expect((await clip.post(await picture('green'))).status).to.equal(200);
    const metrics = await (await clip.fetch('/metrics')).text();
    expect(metrics).to.contain('clip_images_total{outcome="busy"} 1').and.not.to.contain('outcome="failed"');
  });

  it('429 when a picture waited too long', async () => {
    const { clip, runs } = await start({ env: { queue_wait: '30ms' } });
    const first = clip.post(await picture('red'));
    await until(() => runs.length === 1);
    await expectRetry(await clip.post(await picture('blue')), 429, /Waited/);
    held?.release();
    expect((await first).status).to.equal(200);
  });

  it('429 when the time for an answer is over, wherever the picture is by then', async () => {
    const { clip, runs, inFlight } = await start({ env: { queue_wait: '60s' } });
    const time = new AbortController();
    const send = async (colour: 'red' | 'blue') => {
      const init = { method: 'POST', body: await picture(colour), signal: time.signal };
      return clip.served.fetch(new Request('http://clip/', init));
    };
    const encoding = send('red');
    await until(() => runs.length === 1);
    const waiting = send('blue');
    await until(async () => (await inFlight()) === 2);
    time.abort(new DOMException('The time for an answer is nearly over.', 'TimeoutError'));
    await expectRetry(await waiting, 429, /answer in time/);
    await expectRetry(await encoding, 429, /answer in time/);
    expect(runs).to.deep.equal([1]);
  });

  it('408 when the body does not arrive in time', async () => {
    const { clip, release } = await start({});
    release();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
    });
    const init = { method: 'POST', body, duplex: 'half', signal: AbortSignal.timeout(20) } as const;
    await expectProblem(await clip.served.fetch(new Request('http://clip/', init)), 408);
    expect(await (await clip.fetch('/metrics')).text()).to.contain('clip_body_bytes_in_flight 0');
  });

  it('429 when too many bytes are in flight, until they are gone', async () => {
    const { clip, release } = await start({ env: { max_upload_bytes: '2000', max_bytes_in_flight: '2000' } });
    release();
    let finish = (): void => undefined;
    const slow = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(1_990));
        finish = () => controller.close();
      },
    });
    const first = clip.post(slow);
    const red = await picture('red');
    await until(async () =>
      (await (await clip.fetch('/metrics')).text()).includes('clip_body_bytes_in_flight 1990'),
    );
    await expectRetry(await clip.post(red), 429, /Too many pictures are being sent at once/);
    finish();
    expect((await first).status).to.equal(415);
    expect((await clip.post(red)).status).to.equal(200);
  });

  it('429 when too many pixels are being decoded', async () => {
    const { clip, release } = await start({ env: { max_pixels_in_flight: '100', queue_wait: '1ms' } });
    release();
    const large = { width: 4_000, height: 4_000 };
    const bodies = [await picture('red', large), await picture('blue', large)];
    const [first, second] = await Promise.all(bodies.map((body) => clip.post(body)));
    const busy = first?.status === 429 ? first : second;
    expect([first?.status, second?.status].sort()).to.deep.equal([200, 429]);
    if (busy !== undefined) await expectRetry(busy, 429, /Waited/);
  });

  it('503 while the default head is being made, and 200 once it is', async () => {
    const { clip, release } = await start({ hold: 'texts', env: { load_wait: '20ms' } });
    const red = await picture('red');
    await expectRetry(await clip.post(red), 503, /cifar100 is still being loaded/);
    await expectRetry(await clip.fetch('/ready'), 503, /still being made/);
    expect(clip.served.ready()).to.equal(false);
    release();
    await until(() => clip.served.ready());
    expect((await clip.fetch('/ready')).status).to.equal(200);
    expect((await clip.post(red)).status).to.equal(200);
  });

  it('503 while another model is loading, and its answer once it is there', async () => {
    const { clip, release } = await start({ hold: 'other-model', env: { load_wait: '20ms' } });
    const red = await picture('red');
    await expectRetry(await clip.post(red, '/?model=other'), 503, /model other is still being loaded/);
    release();
    await until(async () => (await clip.post(red, '/?model=other')).status === 200);
  });

  it('503 from /ready while the encoder is being started again', async () => {
    let isRunning = true;
    const { clip } = await start({ hold: 'other-model', isRunning: () => isRunning });
    await until(async () => (await clip.fetch('/ready')).status === 200);
    isRunning = false;
    await expectRetry(await clip.fetch('/ready'), 503, /model or its default head/);
    isRunning = true;
    expect((await clip.fetch('/ready')).status).to.equal(200);
  });

  it('500 for an error of ours: a call id for the caller, all the rest for the log', async () => {
    const { clip, release } = await start({ failure: new Error('a secret of the inside') });
    release();
    const problem = await expectProblem(await clip.post(await picture('red')), 500);
    expect(JSON.stringify(problem)).to.not.contain('secret');
    const [line] = clip.log.errors;
    expect(line?.fields).to.have.property('callId', problem.callId);
    expect(line?.fields).to.have.nested.property('err.message', 'a secret of the inside');
    const metrics = await (await clip.fetch('/metrics')).text();
    expect(metrics).to.contain('clip_images_total{outcome="failed"} 1');
  });
});

describe('clip: what waits', () => {
  it('is encoded together once the encoder is free, in runs of at most max_batch', async () => {
    const { clip, runs, release } = await startHeld({ env: { max_batch: '3' } });
    try {
      const first = clip.post(await picture('red'));
      await until(() => runs.length === 1);
      const others = await Promise.all([1, 2, 3, 4].map((r) => picture({ r, g: 0, b: 0 })));
      const answers = others.map((body) => clip.post(body));
      await until(async () =>
        (await (await clip.fetch('/metrics')).text()).includes('clip_images_waiting 4'),
      );
      release();
      for (const response of await Promise.all([first, ...answers])) expect(response.status).to.equal(200);
      expect(runs).to.deep.equal([1, 3, 1]);
    } finally {
      release();
      await clip.stop();
    }
  });

  it('is given up when its client leaves', async () => {
    const { clip, runs, release, inFlight } = await startHeld();
    try {
      const first = clip.post(await picture('red'));
      await until(() => runs.length === 1);
      const leaving = new AbortController();
      const body = await picture('blue');
      const second = clip.served.fetch(
        new Request('http://clip/', { method: 'POST', body, signal: leaving.signal }),
      );
      await until(async () => (await inFlight()) === 2);
      leaving.abort();
      expect((await second).status).to.equal(400);
      expect(await inFlight()).to.equal(1);
      release();
      expect((await first).status).to.equal(200);
      expect(runs).to.deep.equal([1]);
    } finally {
      release();
      await clip.stop();
    }
  });

  it('does not hold up the pages that tell how it fares', async () => {
    const { clip, runs, release } = await startHeld();
    try {
      const first = clip.post(await picture('red'));
      await until(() => runs.length === 1);
      for (const path of ['/', '/heads', '/status', '/metrics', '/ready', '/openapi.json']) {
        expect((await clip.fetch(path)).status, path).to.equal(200);
      }
      release();
      await first;
    } finally {
      release();
      await clip.stop();
    }
  });
});
