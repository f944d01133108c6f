import { expect } from 'chai';
import { classify, photo, problemOf, upload } from './asking.ts';
import { GATEWAY } from './gateway-process.ts';
import { until } from './world.ts';
import { describeOpenfaas } from './with-openfaas.ts';

describeOpenfaas('what people are told when clip fails behind the gateway', (world) => {
  before(async () => {
    await world().deployStack('frontend');
  });

  afterEach(async () => {
    await world().cli(['remove', 'clip']);
  });

  it('is not deployed', async () => {
    const response = await upload(await photo());
    const problem = await problemOf(response);
    expect([response.status, problem.code]).to.deep.equal([502, 'upstream-failed']);
    expect(problem.detail).to.match(/not installed behind this gateway|could not reach the classifier/);
  });

  it('outlasts exec_timeout: the server around it says so before the watchdog would', async () => {
    await world().deployProbe('clip', 'answer_ms=60000', 'exec_timeout=10s', 'write_timeout=30s');
    const [direct, page] = await Promise.all([classify(await photo()), upload(await photo())]);
    const [told, shown] = [await problemOf(direct), await problemOf(page)];
    expect([direct.status, told.code]).to.deep.equal([504, 'too-slow']);
    expect([page.status, shown.code]).to.deep.equal([504, 'upstream-timeout']);
  });

  it('blocks its whole process beyond exec_timeout: an empty 504 from the watchdog', async () => {
    const settings = ['fault=block', 'answer_ms=60000', 'exec_timeout=1s', 'write_timeout=30s'];
    await world().deployProbe('clip', ...settings);
    const direct = await classify(await photo());
    expect([direct.status, await direct.text()]).to.deep.equal([504, '']);

    const response = await upload(await photo());
    const problem = await problemOf(response);
    expect([response.status, problem.code]).to.deep.equal([504, 'upstream-timeout']);
    expect(problem.detail).to.contain('ran out of time');
  });

  it('is slower than the page waits', async () => {
    await world().deployProbe('clip', 'answer_ms=60000', 'exec_timeout=60s', 'write_timeout=60s');
    const problem = await problemOf(await upload(await photo()));
    expect([problem.status, problem.code]).to.deep.equal([504, 'upstream-timeout']);
    expect(problem.detail).to.contain('did not answer within 12 s');
  });

  it('dies with the picture in its hands, and the page says so in HTML too', async () => {
    await world().deployProbe('clip', 'fault=die');
    const problem = await problemOf(await upload(await photo()));
    expect([problem.status, problem.code]).to.deep.equal([502, 'upstream-failed']);
    // The next one may find no container at all while another is started.
    const page = await upload(await photo(), { headers: { Accept: 'text/html' } });
    expect(page.status).to.equal(502);
    expect(await page.text()).to.match(/stopped before it could answer|No instance of the classifier/);
  });

  it('is out of reach because the provider is away: an empty 502 from the gateway', async () => {
    await world().deployProbe('clip');
    const [frontend] = await world().ready('frontend');
    await world().provider.hide();
    try {
      const direct = await classify(await photo());
      expect([direct.status, await direct.text()]).to.deep.equal([502, '']);
      // The page is asked beside the gateway, which has no way to it either.
      const base = `http://${frontend?.container.address ?? ''}:8080`;
      const problem = await problemOf(await upload(await photo(), { base }));
      expect([problem.status, problem.code]).to.deep.equal([502, 'upstream-failed']);
      expect(problem.detail).to.contain('could not reach the classifier');
    } finally {
      await world().provider.listen();
    }
  });
});

describeOpenfaas('max_inflight of the watchdog', (world) => {
  const statusesOf = (callId: string): readonly (number | undefined)[] =>
    world()
      .provider.calls.filter((call) => call.name === 'clip' && call.callId === callId)
      .map(({ status }) => status);

  /** Takes the one place that there is, as soon as whoever had it before is gone, until it is given up. */
  async function occupy(callId: string): Promise<AbortController> {
    const given = new AbortController();
    const init = { method: 'POST', body: 'x', headers: { 'X-Call-Id': callId }, signal: given.signal };
    const ask = async (): Promise<void> => {
      for (;;) await (await fetch(`${GATEWAY}/function/clip`, init)).text();
    };
    ask().catch(() => undefined);
    const lines = () => world().provider.deployments.get('clip')?.logs ?? [];
    await until(() => lines().some(({ text }) => text.includes('"waiting"') && text.includes(callId)));
    return given;
  }

  before(async () => {
    await world().deployStack('frontend');
    // The occupant is the only one who is kept waiting: whoever comes with a picture is answered at once.
    await world().deployProbe(
      'clip',
      'max_inflight=1',
      'answer_ms=20000',
      'quick_bytes=2',
      'exec_timeout=30s',
    );
  });

  it('is a 429 that the page passes on once its second try fails too', async () => {
    const occupant = await occupy('first-occupant');
    const response = await upload(await photo(), { headers: { 'X-Call-Id': 'never-free' } });
    const problem = await problemOf(response);
    expect([response.status, problem.code]).to.deep.equal([429, 'busy']);
    expect(response.headers.get('Retry-After')).to.match(/^\d+$/);
    expect(statusesOf('never-free')).to.deep.equal([429, 429]);
    occupant.abort();
  });

  it('is hidden by the page’s second try when the place is free by then', async () => {
    const occupant = await occupy('second-occupant');
    const answer = upload(await photo(), { headers: { 'X-Call-Id': 'free-in-time' } });
    await until(() => statusesOf('free-in-time').includes(429));
    occupant.abort();
    expect((await answer).status).to.equal(200);
    expect(statusesOf('free-in-time')).to.deep.equal([429, 200]);
  });
});
