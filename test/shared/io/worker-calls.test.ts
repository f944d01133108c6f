import { expect } from 'chai';
import { AppError } from '../../../shared/core/errors.ts';
import { startWorker } from '../../../shared/io/start-worker.ts';
import { WorkerCalls } from '../../../shared/io/worker-calls.ts';

type Request = { say: string; afterMs?: number } | { fail: string } | { die: 'exit' | 'throw' };

const ECHO = new URL('../../fixtures/echo.worker.ts', import.meta.url);

const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );

describe('WorkerCalls', () => {
  let starts = 0;
  let deaths: string[] = [];
  let calls: WorkerCalls<Request, string>;

  beforeEach(() => {
    starts = 0;
    deaths = [];
    calls = new WorkerCalls<Request, string>(
      () => {
        starts += 1;
        return startWorker(ECHO);
      },
      ({ message }) => deaths.push(message),
    );
  });

  afterEach(() => calls.close());

  it('gives each call its own answer', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((say) => calls.call({ say })));
    expect(answers).to.deep.equal(['a', 'b', 'c']);
    expect(starts).to.equal(1);
  });

  it('gives an error back to its caller, and the thread lives on', async () => {
    const [failed, answer] = await Promise.all([
      reasonOf(calls.call({ fail: 'no' })),
      calls.call({ say: 'yes' }),
    ]);
    expect(failed).to.be.an.instanceOf(Error).with.property('message', 'no');
    expect(answer).to.equal('yes');
    expect(starts).to.equal(1);
  });

  for (const die of ['exit', 'throw'] as const) {
    it(`fails what a thread that dies by ${die} held as not-ready, and starts another`, async () => {
      await calls.ready();
      const [first, second] = await Promise.all([
        reasonOf(calls.call({ die })),
        reasonOf(calls.call({ die })),
      ]);
      for (const error of [first, second]) {
        expect(error).to.be.an.instanceOf(AppError).with.property('code', 'not-ready');
        expect(error).to.have.property('retryAfterSeconds', 2);
      }
      expect(await calls.call({ say: 'back' })).to.equal('back');
      expect(starts).to.equal(2);
      expect(deaths).to.have.length(1);
      await calls.close();
      expect(deaths, 'closing is no death').to.have.length(1);
    });
  }

  it('says why a thread does not start, and tries again at the next call', async () => {
    let isBroken = true;
    const mending = new WorkerCalls<Request, string>(() =>
      startWorker(isBroken ? new URL('absent.worker.ts', ECHO) : ECHO),
    );
    const error = await reasonOf(mending.ready());
    expect(error).to.be.an.instanceOf(Error).with.property('message').that.contains('absent.worker.ts');
    isBroken = false;
    expect(await mending.call({ say: 'mended' })).to.equal('mended');
    await mending.close();
  });

  it('says not-ready while a thread that died cannot be started again, and for how long it is so', async () => {
    let isBroken = false;
    const broken = new WorkerCalls<Request, string>(() =>
      startWorker(isBroken ? new URL('absent.worker.ts', ECHO) : ECHO),
    );
    expect(broken.isRunning).to.equal(false);
    await broken.ready();
    expect(broken.isRunning).to.equal(true);
    isBroken = true;
    for (const request of [{ die: 'exit' }, { say: 'a' }, { say: 'b' }] as const) {
      const error = await reasonOf(broken.call(request));
      expect(error).to.be.an.instanceOf(AppError).with.property('code', 'not-ready');
      expect(broken.isRunning).to.equal(false);
    }
    isBroken = false;
    expect(await broken.call({ say: 'mended' })).to.equal('mended');
    expect(broken.isRunning).to.equal(true);
    await broken.close();
  });

  it('lets the thread end what it is at before it is closed, and fails what waits', async () => {
    await calls.ready();
    const first = calls.call({ say: 'first', afterMs: 50 });
    const second = reasonOf(calls.call({ say: 'second' }));
    await new Promise((resolve) => setImmediate(resolve));
    await calls.close();
    expect(await first).to.equal('first');
    expect(await second).to.be.an.instanceOf(Error);
  });

  it('refuses calls once it is closed', async () => {
    await calls.ready();
    await calls.close();
    expect(await reasonOf(calls.call({ say: 'late' }))).to.be.an.instanceOf(AppError);
    expect(starts).to.equal(1);
  });
});
