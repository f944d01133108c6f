import { expect } from 'chai';
import { expectProblem, ORANGE, pictures, TEAL, TrainerUnderTest } from './harness.ts';

interface Status {
  readonly writes: boolean;
  readonly training: boolean;
  readonly store: boolean;
  readonly pictures: Readonly<Record<string, number>>;
  readonly trainings: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number>>;
  readonly lastTraining: Readonly<Record<string, unknown>> | null;
  readonly replicas?: readonly { readonly totals: Readonly<Record<string, number>> }[];
}

describe('operations of trainer', () => {
  let own: TrainerUnderTest;
  beforeEach(async () => (own = await TrainerUnderTest.start({ cors_origins: 'https://page.example' })));
  afterEach(() => own.stop());
  const status = async () => (await (await own.fetch('/status', { token: null })).json()) as Status;
  const metric = async (line: string) => {
    const text = await (await own.fetch('/metrics', { token: null })).text();
    return text
      .split('\n')
      .find((candidate) => candidate.startsWith(line))
      ?.split(' ')
      .at(-1);
  };
  const trainColours = async () => {
    const some = await pictures(ORANGE, 6);
    await own.add('colours', 'orange', [...some, new TextEncoder().encode('none')]);
    await own.add('colours', 'orange', some.slice(0, 2));
    await own.add('colours', 'teal', await pictures(TEAL, 6));
    return (await own.train('colours', '?title=Two+colours')).at(-1);
  };

  it('describes just the routes that it has', () => {
    const described = Object.entries(own.contract.document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).to.deep.equal([
      'delete /heads/{head}',
      'delete /heads/{head}/examples',
      'delete /heads/{head}/examples/{sha256}',
      'get /heads',
      'get /heads/{head}',
      'get /heads/{head}/examples',
      'get /heads/{head}/examples/{sha256}',
      'get /metrics',
      'get /openapi.json',
      'get /ready',
      'get /status',
      'post /heads/{head}/examples',
      'post /heads/{head}/rollback',
      'post /heads/{head}/train',
    ]);
  });

  it('says before anything was done that it can train, and that nothing was', async () => {
    expect(await status()).to.include({ writes: true, training: false, store: true, lastTraining: null });
    expect((await own.fetch('/ready', { token: null })).status).to.equal(200);
  });

  it('tells of the last training, with the accuracy before and after', async () => {
    const done = await trainColours();
    const { lastTraining, pictures: counted, trainings } = await status();
    expect(lastTraining).to.include({
      head: 'colours',
      title: 'Two colours',
      version: done?.data.version,
      examples: 12,
      before: null,
      after: 1,
    });
    expect(counted).to.deep.equal({ kept: 12, duplicate: 2, failed: 1, notDone: 0 });
    expect(trainings).to.deep.equal({ done: 1, failed: 0, cancelled: 0 });
    await own.train('colours', '?seed=3');
    expect((await status()).lastTraining).to.include({ before: 1 });
  });

  it('counts for Prometheus what it counts for people', async () => {
    await trainColours();
    expect(await metric('trainer_pictures_total{outcome="kept"}')).to.equal('12');
    expect(await metric('trainer_pictures_total{outcome="duplicate"}')).to.equal('2');
    expect(await metric('trainer_pictures_total{outcome="failed"}')).to.equal('1');
    expect(await metric('trainer_trainings_total{outcome="done"}')).to.equal('1');
    expect(await metric('trainer_training_duration_seconds_count')).to.equal('1');
    expect(await metric('trainer_trainings_in_flight')).to.equal('0');
    expect(
      await metric('trainer_requests_total{route="/heads/:head/train",method="POST",status="200"}'),
    ).to.equal('1');
    await expectProblem(await own.fetch('/nowhere'), 404);
    expect(await metric('trainer_requests_total{route="other",method="other",status="404"}')).to.equal('1');
  });

  it('counts a client that leaves as one who cancelled', async () => {
    await own.add('colours', 'orange', await pictures(ORANGE, 6));
    await own.add('colours', 'teal', await pictures(TEAL, 6));
    const response = await own.fetch('/heads/colours/train', { method: 'POST' });
    expect((await status()).training).to.equal(true);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(await status()).to.deep.include({
      training: false,
      trainings: { done: 0, failed: 0, cancelled: 1 },
    });
  });

  it('leaves its totals in the store', async () => {
    await trainColours();
    const { replicas = [] } = await status();
    expect(replicas).to.have.length(1);
    expect(replicas[0]?.totals).to.have.keys('requests', 'pictures', 'failedPictures', 'trainings');
  });

  it('answers with a store that is away, and says so', async () => {
    await own.trainer.close();
    await own.startTrainer({ STORE_URL: 'redis://127.0.0.1:1' });
    expect(await status()).to.include({ writes: true, store: false, lastTraining: null });
  });

  it('lists the heads that were trained or have examples', async () => {
    await trainColours();
    await own.add('others', 'teal', await pictures(TEAL, 1));
    await own.fetch('/heads/colours/examples', { method: 'DELETE' });
    const { heads } = (await (await own.fetch('/heads', { token: null })).json()) as { heads: unknown[] };
    expect(heads).to.deep.equal([
      { id: 'colours', examples: 0 },
      { id: 'others', examples: 1 },
    ]);
  });

  it('answers all who ask for the heads at once, and anew those who ask later', async () => {
    const list = async () =>
      ((await (await own.fetch('/heads', { token: null })).json()) as { heads: { id: string }[] }).heads;
    await own.add('first', 'teal', await pictures(TEAL, 1));
    const together = await Promise.all(Array.from({ length: 20 }, list));
    expect(new Set(together.map((heads) => heads.map(({ id }) => id).join()))).to.deep.equal(
      new Set(['first']),
    );
    await own.add('second', 'teal', await pictures(TEAL, 1));
    expect((await list()).map(({ id }) => id)).to.deep.equal(['first', 'second']);
  });

  it('says that writes are off where no token is set', async () => {
    await own.trainer.close();
    await own.startTrainer({ TRAINER_TOKEN: '' });
    expect((await status()).writes).to.equal(false);
  });

  it('lets pages of listed origins in, with the token, and no others', async () => {
    const preflight = (origin: string) =>
      own.fetch('/heads/colours/train', { method: 'OPTIONS', token: null, headers: { Origin: origin } });
    const allowed = await preflight('https://page.example');
    expect(allowed.status).to.equal(204);
    expect(allowed.headers.get('Access-Control-Allow-Origin')).to.equal('https://page.example');
    expect(allowed.headers.get('Access-Control-Allow-Headers')).to.contain('Authorization');
    expect(allowed.headers.get('Access-Control-Allow-Methods')).to.contain('POST');
    const other = await preflight('https://other.example');
    expect(other.headers.get('Access-Control-Allow-Origin')).to.equal(null);
    const refused = await own.fetch('/heads/colours/examples', {
      token: 'wrong',
      headers: { Origin: 'https://page.example' },
    });
    await expectProblem(refused, 401);
    expect(refused.headers.get('Access-Control-Allow-Origin')).to.equal('https://page.example');
  });
});
