import { expect } from 'chai';
import sharp from 'sharp';
import { ExampleStore } from '../../../functions/trainer/examples/example-store.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';
import { openStore } from '../../../shared/io/store/open-store.ts';
import { storeFull } from '../../../shared/io/store/store-errors.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { expectProblem, formOf, ORANGE, pictures, TEAL, TrainerUnderTest } from './harness.ts';

interface ExampleList {
  readonly labels: Readonly<Record<string, number>>;
  readonly examples: readonly { readonly sha256: string; readonly label: string; readonly addedAt: string }[];
}

describe('examples of trainer', function () {
  this.timeout(120_000);
  let own: TrainerUnderTest;
  beforeEach(
    async () => (own = await TrainerUnderTest.start({ max_examples: '40', max_trained_heads: '2' })),
  );
  afterEach(() => own.stop());
  const list = async (head: string) =>
    (await (await own.fetch(`/heads/${head}/examples`)).json()) as ExampleList;

  it('keeps up to 32 pictures at once, a status each', async () => {
    const answer = await own.add('colours', 'orange', await pictures(ORANGE, 32));
    expect(answer).to.include({ head: 'colours', label: 'orange' });
    expect(answer.pictures.map(({ status }) => status)).to.deep.equal(Array(32).fill('kept'));
    expect(answer.pictures[3]?.filename).to.equal('3.png');
    expect((await list('colours')).labels).to.deep.equal({ orange: 32 });
    const many = await pictures(TEAL, 33);
    const refused = await own.fetch('/heads/colours/examples?label=teal', {
      method: 'POST',
      body: formOf(many),
    });
    expect((await expectProblem(refused, 400)).detail).to.contain('at most 32 files');
  });

  it('keeps the bytes of one picture too', async () => {
    const [picture = new Uint8Array()] = await pictures(ORANGE, 1);
    const init = { method: 'POST', body: picture };
    const answer = (await (await own.fetch('/heads/colours/examples?label=orange', init)).json()) as {
      pictures: { sha256: string; status: string }[];
    };
    expect(answer.pictures).to.deep.equal([{ filename: '', sha256: sha256Hex(picture), status: 'kept' }]);
  });

  it('finds duplicates by their hash, and will not give one picture two labels', async () => {
    const some = await pictures(ORANGE, 2);
    await own.add('colours', 'orange', some);
    const again = await own.add('colours', 'orange', some);
    expect(again.pictures.map(({ status }) => status)).to.deep.equal(['duplicate', 'duplicate']);
    const other = await own.add('colours', 'teal', some.slice(0, 1));
    expect(other.pictures[0]?.problem).to.include({ status: 409, code: 'conflict' });
    expect((await list('colours')).labels).to.deep.equal({ orange: 2 });
    expect((await own.add('others', 'teal', some.slice(0, 1))).pictures[0]?.status).to.equal('kept');
  });

  it('keeps a picture once that two requests send at once, under the label that came first', async () => {
    const some = await pictures(ORANGE, 1);
    const answers = await Promise.all(['orange', 'teal'].map((label) => own.add('colours', label, some)));
    const statuses = answers.map(({ pictures: [picture] }) => picture?.status);
    expect([...statuses].sort()).to.deep.equal(['failed', 'kept']);
    const first = statuses[0] === 'kept' ? 'orange' : 'teal';
    expect((await list('colours')).labels).to.deep.equal({ [first]: 1 });
  });

  it('answers a picture that is none with a problem of its own, beside those that are kept', async () => {
    const [good = new Uint8Array()] = await pictures(ORANGE, 1);
    const text = new TextEncoder().encode('not a picture');
    const { pictures: statuses } = await own.add('colours', 'orange', [text, good, good.slice(0, 60)]);
    expect(statuses.map(({ status }) => status)).to.deep.equal(['failed', 'kept', 'failed']);
    expect(statuses[0]?.problem?.status).to.equal(415);
    expect(statuses[2]?.problem?.status).to.equal(422);
    expect((await list('colours')).examples).to.have.length(1);
  });

  it('refuses a picture over the limit alone, and a request over the limit whole', async () => {
    await own.trainer.close();
    await own.startTrainer({ max_upload_bytes: '2KiB', max_request_bytes: '8KiB' });
    const [good = new Uint8Array()] = await pictures(ORANGE, 1);
    const { pictures: statuses } = await own.add('colours', 'orange', [new Uint8Array(3_000), good]);
    expect(statuses[0]?.problem).to.include({ status: 413 });
    expect(statuses[1]?.status).to.equal('kept');
    const init = { method: 'POST', body: formOf([new Uint8Array(9_000)]) };
    await expectProblem(await own.fetch('/heads/colours/examples?label=orange', init), 413);
  });

  it('answers what time does not suffice for as not done, and keeps it when sent again', async () => {
    const some = await pictures(ORANGE, 8);
    await own.trainer.close();
    await own.startTrainer({ upload_budget: '200ms' });
    own.gateway.functions.set('clip', {
      fetch: async (request) => {
        await new Promise((resolve) => setTimeout(resolve, 150));
        return own.clip.fetch(request);
      },
    });
    const { pictures: statuses } = await own.add('colours', 'orange', some);
    expect(statuses.at(-1)?.status).to.equal('not done, send again');
    own.gateway.functions.set('clip', own.clip);
    await own.trainer.close();
    await own.startTrainer();
    const again = await own.add('colours', 'orange', some);
    expect(again.pictures.every(({ status }) => status === 'kept' || status === 'duplicate')).to.equal(true);
    expect((await list('colours')).labels).to.deep.equal({ orange: 8 });
  });

  it('does not wait for a body that never ends', async () => {
    await own.trainer.close();
    // Time enough to keep the picture that has come.
    await own.startTrainer({ upload_budget: '4s' });
    const [picture = new Uint8Array()] = await pictures(ORANGE, 1);
    const head = `--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n`;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.concat([Buffer.from(head), picture, Buffer.from('\r\n--x\r\n')]));
      },
    });
    const response = await own.fetch('/heads/colours/examples?label=orange', {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
    });
    const answer = (await response.json()) as { pictures: { status: string }[] };
    expect(answer.pictures.map(({ status }) => status)).to.deep.equal(['kept']);
  });

  it('does not wait for a classifier that hangs, and says which pictures to send again', async () => {
    await own.trainer.close();
    await own.startTrainer({ upload_budget: '400ms', clip_timeout: '60s' });
    own.gateway.functions.set('clip', {
      fetch: (request) =>
        request.url.endsWith('/embed') ? new Promise(() => undefined) : own.clip.fetch(request),
    });
    const some = await pictures(ORANGE, 5);
    const { pictures: statuses } = await own.add('colours', 'orange', some);
    expect(statuses.map(({ status }) => status)).to.deep.equal(Array(5).fill('not done, send again'));
    own.gateway.functions.set('clip', own.clip);
    await own.trainer.close();
    await own.startTrainer();
    const again = await own.add('colours', 'orange', some);
    expect(again.pictures.map(({ status }) => status)).to.deep.equal(Array(5).fill('kept'));
  });

  it('finds the same picture within one request', async () => {
    const [one = new Uint8Array(), other = new Uint8Array()] = await pictures(ORANGE, 2);
    const { pictures: statuses } = await own.add('colours', 'orange', [one, one, other, one]);
    expect(statuses.map(({ status }) => status)).to.deep.equal(['kept', 'duplicate', 'kept', 'duplicate']);
  });

  it('takes requests with pictures in their turn where they are too many at once', async () => {
    await own.trainer.close();
    await own.startTrainer({ max_uploads: '1' });
    const labels = ['orange', 'teal', 'violet', 'blue'];
    const answers = await Promise.all(
      labels.map(async (label, at) => own.add('colours', label, await pictures(ORANGE, 4, 10 * at))),
    );
    expect(answers.flatMap(({ pictures: statuses }) => statuses.map(({ status }) => status))).to.deep.equal(
      Array(16).fill('kept'),
    );
  });

  it('looks for room when a request has its turn, not before: others took it while it waited', async () => {
    await own.trainer.close();
    await own.startTrainer({ max_uploads: '1', max_examples: '10' });
    const forms = await Promise.all([0, 10, 20].map(async (at) => formOf(await pictures(ORANGE, 10, at))));
    const responses = await Promise.all(
      forms.map((body) => own.fetch('/heads/colours/examples?label=orange', { method: 'POST', body })),
    );
    expect(responses.map(({ status }) => status).sort()).to.deep.equal([200, 507, 507]);
    expect((await list('colours')).examples).to.have.length(10);
  });

  it('turns a request with pictures away whose turn does not come in time', async () => {
    await own.trainer.close();
    await own.startTrainer({ max_uploads: '1', upload_budget: '1s', clip_timeout: '60s' });
    own.gateway.functions.set('clip', { fetch: () => new Promise(() => undefined) });
    const some = await pictures(ORANGE, 2);
    const send = () =>
      own.fetch('/heads/colours/examples?label=orange', { method: 'POST', body: formOf(some) });
    const [first, second] = await Promise.all([send(), send()]);
    expect([first.status, second.status]).to.deep.equal([200, 429]);
    expect(Number(second.headers.get('Retry-After'))).to.be.greaterThan(0);
    own.gateway.functions.set('clip', own.clip);
    expect((await send()).status).to.equal(200);
  });

  it('says what is full: a head of examples, and the number of heads', async () => {
    await own.add('colours', 'orange', await pictures(ORANGE, 32));
    await own.add('colours', 'teal', await pictures(TEAL, 8));
    const [one = new Uint8Array()] = await pictures(TEAL, 1, 50);
    const post = (head: string) =>
      own.fetch(`/heads/${head}/examples?label=teal`, { method: 'POST', body: one });
    expect((await expectProblem(await post('colours'), 507)).detail).to.contain('40 examples');
    expect((await post('second')).status).to.equal(200);
    expect((await expectProblem(await post('third'), 507)).detail).to.contain('2 heads');
  });

  it('says that the store is full', async () => {
    await own.trainer.close();
    await own.clip.close();
    await own.startClip({ max_store_bytes: '1MiB' });
    await own.startTrainer({ max_store_bytes: '1MiB' });
    const large = await Promise.all(
      Array.from({ length: 24 }, async (_, at) => {
        const noise = { type: 'gaussian', mean: 120 + at, sigma: 60 } as const;
        const picture = sharp({
          create: { width: 256, height: 256, channels: 3, background: '#000', noise },
        });
        return new Uint8Array(await picture.png().toBuffer());
      }),
    );
    const { pictures: statuses } = await own.add('colours', 'noise', large);
    expect(statuses.at(-1)?.problem).to.include({ status: 507, code: 'store-full' });
    expect(statuses[0]?.status).to.equal('kept');
  });

  it('leaves nothing behind of a picture that the store has no room for', async () => {
    const store = await openStore({
      url: own.settings.STORE_URL ?? '',
      maxBytes: 2 ** 30,
      log: silentLog,
    });
    const put = store.put.bind(store);
    store.put = (key, value) =>
      key.startsWith('vectors/') ? Promise.reject(storeFull('a test')) : put(key, value);
    const sha256 = 'a'.repeat(64);
    const kept = { thumbnail: new Uint8Array(8), vectors: [new Float32Array(4)], revision: 'sha256:1' };
    const adding = new ExampleStore(store).add('colours', { sha256, label: 'teal', addedAt: '' }, kept);
    expect(await adding.catch((error: unknown) => error)).to.include({ code: 'store-full' });
    expect(await store.list('thumbnails/')).to.deep.equal([]);
    await store.close();
  });

  it('shows thumbnails of 256 pixels, upright and private', async () => {
    const wide = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#a40' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { pictures: statuses } = await own.add('colours', 'orange', [wide]);
    const response = await own.fetch(`/heads/colours/examples/${statuses[0]?.sha256 ?? ''}`);
    expect(response.headers.get('Content-Type')).to.equal('image/jpeg');
    expect(response.headers.get('Cache-Control')).to.match(/private/);
    const { width, height, orientation } = await sharp(await response.arrayBuffer()).metadata();
    expect([width, height, orientation]).to.deep.equal([256, 341, undefined]);
  });

  it('removes one example, and all', async () => {
    await own.add('colours', 'orange', await pictures(ORANGE, 3));
    const { examples } = await list('colours');
    const path = `/heads/colours/examples/${examples[0]?.sha256 ?? ''}`;
    expect(await (await own.fetch(path, { method: 'DELETE' })).json()).to.include({ removed: 1 });
    await expectProblem(await own.fetch(path), 404);
    await expectProblem(await own.fetch(path, { method: 'DELETE' }), 404);
    expect((await list('colours')).labels).to.deep.equal({ orange: 2 });
    const all = await own.fetch('/heads/colours/examples', { method: 'DELETE' });
    expect(await all.json()).to.include({ removed: 2 });
    expect(await list('colours')).to.deep.equal({ head: 'colours', labels: {}, examples: [] });
  });

  it('removes the examples of one label', async () => {
    await own.add('colours', 'orange', await pictures(ORANGE, 3));
    await own.add('colours', 'teal', await pictures(TEAL, 2));
    const some = await own.fetch('/heads/colours/examples?label=teal', { method: 'DELETE' });
    expect(await some.json()).to.deep.equal({ head: 'colours', removed: 2 });
    expect((await list('colours')).labels).to.deep.equal({ orange: 3 });
    await expectProblem(await own.fetch('/heads/colours/examples?label=', { method: 'DELETE' }), 400);
    const both = await own.fetch('/heads/colours/examples?label=orange&label=teal', { method: 'DELETE' });
    await expectProblem(both, 400);
    expect((await list('colours')).labels).to.deep.equal({ orange: 3 });
  });

  it('says so when the classifier cannot be reached, picture by picture', async () => {
    own.gateway.functions.delete('clip');
    const { pictures: statuses } = await own.add('colours', 'orange', await pictures(ORANGE, 1));
    expect(statuses[0]?.problem).to.include({ status: 502, code: 'upstream-failed' });
  });
});
