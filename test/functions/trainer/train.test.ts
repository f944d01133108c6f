import { expect } from 'chai';
import { sharedFigures, type Figures } from './figures.ts';
import {
  expectProblem,
  formOf,
  ORANGE,
  parseEvents,
  pictures,
  TEAL,
  TrainerUnderTest,
  until,
  VIOLET,
} from './harness.ts';

interface HeadAnswer {
  readonly current: string | null;
  readonly stale: boolean;
  readonly builtIn: boolean;
  readonly examples: number;
  readonly versions: readonly {
    readonly version: string;
    readonly live: boolean;
    readonly after?: Figures;
    readonly labels?: Readonly<Record<string, number>>;
  }[];
}

describe('training', function () {
  this.timeout(120_000);
  let own: TrainerUnderTest;
  beforeEach(async () => (own = await TrainerUnderTest.start()));
  afterEach(() => own.stop());

  const head = async (id: string) => (await (await own.fetch(`/heads/${id}`)).json()) as HeadAnswer;
  const addColours = async (id = 'colours', each = 10) => {
    await own.add(id, 'orange', await pictures(ORANGE, each));
    await own.add(id, 'teal', await pictures(TEAL, each));
  };
  const answerOf = async (id: string, picture: Uint8Array | undefined) => {
    const response = await own.classify(id, picture ?? new Uint8Array());
    return (await response.json()) as { version?: string; predictions?: { label: string }[]; code?: string };
  };

  it('streams start, epochs and done, and the head is live in clip right after', async () => {
    await addColours();
    expect(
      (await own.classify('colours', (await pictures(ORANGE, 1))[0] ?? new Uint8Array())).status,
    ).to.equal(404);
    const events = await own.train('colours');
    expect(events[0]).to.deep.equal({
      event: 'start',
      data: {
        head: 'colours',
        labels: { orange: 10, teal: 10 },
        pictures: { train: 12, validation: 4, holdOut: 4 },
      },
    });
    const epochs = events.filter(({ event }) => event === 'epoch');
    expect(epochs.length).to.be.greaterThan(2);
    expect(Object.keys(epochs[0]?.data ?? {}).sort()).to.deep.equal([
      'epoch',
      'learningRate',
      'trainLoss',
      'validationAccuracy',
      'validationLoss',
    ]);
    const { event, data } = events.at(-1) ?? { event: '', data: {} };
    expect(event).to.equal('done');
    expect(data.before).to.equal(null);
    sharedFigures(data.after as Figures, { n: 4, accuracy: 1 });
    // No waiting: the stream ended once clip had it.
    const [unseen] = await pictures(TEAL, 1, 20);
    const { predictions, version } = await answerOf('colours', unseen);
    expect(predictions?.[0]?.label).to.equal('teal');
    expect(version).to.equal(data.version);
  });

  it('lists the new head in clip and its versions in trainer', async () => {
    await addColours();
    const done = (await own.train('colours', '?title=Two+colours')).at(-1);
    await until(async () => (await answerOf('colours', (await pictures(TEAL, 1))[0])).code === undefined);
    const { heads } = (await (await own.clip.fetch(new Request('http://clip/heads'))).json()) as {
      heads: { id: string; title: string; kind: string; version: string }[];
    };
    expect(heads.find(({ id }) => id === 'colours')).to.include({
      title: 'Two colours',
      kind: 'linear',
      version: done?.data.version,
      // Their words are new to the model; but it learned them from pictures.
      unseenLabelCount: 0,
    });
    const { predictions } = await answerOf('colours', (await pictures(TEAL, 1))[0]);
    expect(predictions?.[0]).to.not.have.property('seen');
    const trained = await head('colours');
    expect(trained).to.include({ current: done?.data.version, builtIn: false, stale: false, examples: 20 });
    expect(trained.versions).to.have.length(1);
    expect(trained.versions[0]).to.deep.include({ live: true, labels: { orange: 10, teal: 10 } });
  });

  it('sends NDJSON to those who ask for it', async () => {
    await addColours();
    const init = { method: 'POST', headers: { Accept: 'application/x-ndjson' } };
    const response = await own.fetch('/heads/colours/train', init);
    expect(response.headers.get('Content-Type')).to.equal('application/x-ndjson');
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(lines[0]?.event).to.equal('start');
    expect(lines.at(-1)?.event).to.equal('done');
    const plain = await own.fetch('/heads/colours/train', { method: 'POST' });
    expect(plain.headers.get('Content-Type')).to.equal('text/event-stream');
    expect(parseEvents(await plain.text()).at(-1)?.event).to.equal('done');
  });

  it('makes the same version of the same examples and seed', async () => {
    await addColours();
    const first = (await own.train('colours')).at(-1)?.data.version;
    expect((await own.train('colours')).at(-1)?.data.version).to.equal(first);
    expect((await own.train('colours', '?seed=7')).at(-1)?.data.version).to.not.equal(first);
  });

  it('counts altered copies only where that is wanted', async () => {
    await addColours();
    const withCopies = (await own.train('colours')).at(-1)?.data.version;
    const without = (await own.train('colours', '?augment=false')).at(-1)?.data.version;
    expect(without).to.not.equal(withCopies);
    expect((await own.train('colours', '?augment=true')).at(-1)?.data.version).to.equal(withCopies);
  });

  it('retrains a built-in head from version 0, tells before and after, and can be rolled back to it', async () => {
    // clip puts its own heads into the store beside its first answers.
    await until(async () => (await head('warm')).current === '0');
    const builtIn = await head('warm');
    expect(builtIn).to.include({ current: '0', builtIn: true });
    expect(builtIn.versions).to.deep.equal([{ version: '0', live: true }]);
    await own.add('warm', 'warm', await pictures(TEAL, 10));
    await own.add('warm', 'blue', await pictures(ORANGE, 10));
    const done = (await own.train('warm')).at(-1);
    const { before, after, version } = done?.data as { before: Figures; after: Figures; version: string };
    sharedFigures(before, { n: 4 });
    sharedFigures(after, { n: 4 });
    expect(after.logLoss).to.be.lessThan(before.logLoss);
    const [teal] = await pictures(TEAL, 1, 20);
    await until(async () => (await answerOf('warm', teal)).version === version);
    const back = await own.fetch('/heads/warm/rollback?version=0', { method: 'POST' });
    expect(await back.json()).to.deep.equal({ id: 'warm', current: '0' });
    await until(async () => (await answerOf('warm', teal)).version !== version);
    expect((await head('warm')).versions.map(({ live }) => live)).to.deep.equal([false, true]);
    await own.fetch(`/heads/warm/rollback?version=${version}`, { method: 'POST' });
    await until(async () => (await answerOf('warm', teal)).version === version);
  });

  it('takes labels that are words of the language it is written in', async () => {
    await own.add('words', '__proto__', await pictures(ORANGE, 6));
    await own.add('words', 'constructor', await pictures(TEAL, 6));
    const { labels } = (await (await own.fetch('/heads/words/examples')).json()) as { labels: object };
    expect(Object.entries(labels)).to.deep.equal([
      ['__proto__', 6],
      ['constructor', 6],
    ]);
    const version = (await own.train('words')).at(-1)?.data.version;
    const [orange] = await pictures(ORANGE, 1);
    await until(async () => (await answerOf('words', orange)).version === version);
    expect((await answerOf('words', orange)).predictions?.[0]?.label).to.equal('__proto__');
  });

  it('adds a label to a built-in head', async () => {
    await own.add('warm', 'orange', await pictures(ORANGE, 10));
    await own.add('warm', 'violet', await pictures(VIOLET, 10));
    const version = (await own.train('warm')).at(-1)?.data.version;
    const [violet] = await pictures(VIOLET, 1, 20);
    await until(async () => (await answerOf('warm', violet)).version === version);
    expect((await answerOf('warm', violet)).predictions?.[0]?.label).to.equal('violet');
  });

  it('removes a head with its examples; a built-in one is then what it was', async () => {
    await addColours();
    await addColours('warm');
    await own.train('colours');
    await own.train('warm');
    for (const id of ['colours', 'warm']) {
      const response = await own.fetch(`/heads/${id}`, { method: 'DELETE' });
      expect(await response.json()).to.deep.equal({ id, removedExamples: 20 });
    }
    await expectProblem(await own.fetch('/heads/colours'), 404);
    await expectProblem(await own.fetch('/heads/colours', { method: 'DELETE' }), 404);
    expect(await head('warm')).to.include({ current: '0', examples: 0 });
    const [teal] = await pictures(TEAL, 1);
    await until(async () => (await own.classify('colours', teal ?? new Uint8Array())).status === 404);
  });

  describe('refuses', () => {
    const train = (id: string, query = '') => own.fetch(`/heads/${id}/train${query}`, { method: 'POST' });

    it('fewer than two classes', async () => {
      expect((await expectProblem(await train('colours'), 409)).detail).to.contain('at least 2 labels');
      await own.add('colours', 'orange', await pictures(ORANGE, 5));
      expect((await expectProblem(await train('colours'), 409)).detail).to.contain('but it has 1');
    });

    it('fewer than five examples in a class, naming it', async () => {
      await own.add('colours', 'orange', await pictures(ORANGE, 5));
      await own.add('colours', 'teal', await pictures(TEAL, 4));
      expect((await expectProblem(await train('colours'), 409)).detail).to.contain('4 of "teal"');
    });

    it('too few examples of many labels, naming some', async () => {
      const all = await pictures(ORANGE, 13);
      for (const [at, picture] of all.entries()) await own.add('many', `label ${at}`, [picture]);
      const { detail } = await expectProblem(await train('many'), 409);
      expect(detail).to.contain('1 of "label 0", 1 of "label 1"').and.to.contain('too few of 3 more labels');
    });

    it('digits, the reserved name, odd names and odd options', async () => {
      expect((await expectProblem(await train('digits'), 400)).detail).to.contain('digits');
      expect((await expectProblem(await train('labels'), 400)).detail).to.contain('reserved');
      await expectProblem(await train('Three%20Dogs'), 400);
      await expectProblem(await train('colours', '?seed=-1'), 400);
      await expectProblem(await train('colours', '?title='), 400);
      expect((await expectProblem(await train('colours', '?augment=2'), 400)).detail).to.contain('augment');
    });

    it('a rollback to a version that is none', async () => {
      await addColours();
      await own.train('colours');
      const back = (version: string) =>
        own.fetch(`/heads/colours/rollback?version=${version}`, { method: 'POST' });
      await expectProblem(await back(''), 400);
      await expectProblem(await back('1'), 400);
      await expectProblem(await back('0'), 404);
      await expectProblem(await back(`sha256:${'0'.repeat(64)}`), 404);
    });

    it('a second training while one is running, and takes one after it', async () => {
      await addColours();
      let release: () => void = () => undefined;
      const isReleased = new Promise<void>((resolve) => (release = resolve));
      own.gateway.functions.set('clip', {
        fetch: async (request) => {
          await isReleased;
          return own.clip.fetch(request);
        },
      });
      const first = train('colours');
      const second = await train('others');
      expect((await expectProblem(second, 409)).detail).to.contain('Another training');
      expect(Number(second.headers.get('Retry-After'))).to.be.greaterThan(0);
      await expectProblem(await own.fetch('/heads/colours', { method: 'DELETE' }), 409);
      release();
      expect(parseEvents(await (await first).text()).at(-1)?.event).to.equal('done');
      const again = await train('colours');
      expect(again.status).to.equal(200);
      await again.text();
    });
  });

  it('does not wait for a classifier that hangs', async () => {
    await addColours();
    await own.trainer.close();
    await own.startTrainer({ training_budget: '300ms', clip_timeout: '60s' });
    own.gateway.functions.set('clip', { fetch: () => new Promise(() => undefined) });
    await expectProblem(await own.fetch('/heads/colours/train', { method: 'POST' }), 504);
    own.gateway.functions.set('clip', own.clip);
    await own.trainer.close();
    await own.startTrainer();
    expect((await own.train('colours')).at(-1)?.event).to.equal('done');
  });

  it('does not wait for a client that does not read', async () => {
    await addColours();
    const response = await own.fetch('/heads/colours/train', { method: 'POST' });
    await until(async () => (await own.fetch('/heads/colours')).status === 200);
    await until(async () => (await head('colours')).current !== null);
    expect(parseEvents(await response.text()).at(-1)?.event).to.equal('done');
  });

  it('stops when the client leaves, keeps nothing and gives the place back', async () => {
    await addColours();
    const leaving = new AbortController();
    const response = await own.fetch('/heads/colours/train', { method: 'POST', signal: leaving.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    leaving.abort();
    await reader?.cancel().catch(() => undefined);
    await until(async () => {
      const status = await own.fetch('/status', { token: null });
      return !((await status.json()) as { training: boolean }).training;
    });
    expect((await head('colours')).current).to.equal(null);
    expect((await own.train('colours')).at(-1)?.event).to.equal('done');
    expect((await head('colours')).current).to.not.equal(null);
  });

  it('answers before the stream when the classifier or the store is away', async () => {
    await addColours();
    own.gateway.functions.delete('clip');
    await expectProblem(await own.fetch('/heads/colours/train', { method: 'POST' }), 502);
    await own.trainer.close();
    await own.startTrainer({ STORE_URL: 'redis://127.0.0.1:1' });
    const away = await own.fetch('/heads/colours/examples?label=a', { method: 'POST', body: formOf([]) });
    expect(Number(away.headers.get('Retry-After'))).to.be.greaterThan(0);
    await expectProblem(away, 503);
  });
});
