import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { testDataMissing, trainingPictures } from '../../fixtures/training-pictures.ts';
import { type Figures } from './figures.ts';
import { TrainerUnderTest, until } from './harness.ts';

const DOGS = ['beagle dog', 'boxer dog', 'golden retriever dog'];
const modelMissing = existsSync('models/mini-clip/bundle.json') ? undefined : 'models/mini-clip is not there';
const missing = testDataMissing ?? modelMissing;

describe(`training with real photographs${missing === undefined ? '' : ` – skipped: ${missing}`}`, function () {
  this.timeout(400_000);
  let own: TrainerUnderTest;
  before(async function () {
    if (missing !== undefined) this.skip();
    own = await TrainerUnderTest.start({
      models_dir: 'models',
      CLIP_MODEL: 'mini-clip',
      clip_timeout: '60s',
      queue_wait: '60s',
      upload_budget: '120s',
    });
  });
  after(async () => {
    if (missing === undefined) await own.stop();
  });
  const answer = async (head: string, picture: Uint8Array) => {
    const response = await own.classify(head, picture);
    return (await response.json()) as { version?: string; predictions?: { label: string }[] };
  };

  it('tells three dogs apart on 30 unseen photographs after 90', async () => {
    const dogs = await trainingPictures(DOGS, 40);
    for (const [label, pictures] of dogs) {
      const { pictures: statuses } = await own.add('three-dogs', label, pictures.slice(0, 30));
      expect(statuses.filter(({ status }) => status === 'kept')).to.have.length(30);
    }
    const done = (await own.train('three-dogs')).at(-1);
    expect(done?.event).to.equal('done');
    const unseen = [...dogs].flatMap(([label, pictures]) =>
      pictures.slice(30).map((picture) => ({ label, picture })),
    );
    await until(
      async () =>
        (await answer('three-dogs', unseen[0]?.picture ?? new Uint8Array())).version === done?.data.version,
    );
    let hits = 0;
    for (const { label, picture } of unseen) {
      hits += Number((await answer('three-dogs', picture)).predictions?.[0]?.label === label);
    }
    expect(unseen).to.have.length(30);
    expect(hits / unseen.length).to.be.at.least(0.6);
  });

  it('retrains cat or dog on 100 more, shows before and after, and goes back to version 0', async () => {
    const some = await trainingPictures(['beagle dog', 'tiger'], 25);
    const more = await trainingPictures(['boxer dog', 'leopard'], 25);
    for (const [label, pictures] of [...some, ...more]) {
      await own.add('cat-dog', label.endsWith('dog') ? 'dog' : 'cat', pictures);
    }
    // Until clip has made its own heads and put them into the store.
    await until(async () => (await own.fetch('/heads/cat-dog')).status === 200);
    const { data } = (await own.train('cat-dog')).at(-1) ?? { data: {} };
    const { before, after, version } = data as { before: Figures; after: Figures; version: string };
    expect([before.n, after.n]).to.deep.equal([20, 20]);
    expect(after.accuracy.value).to.be.at.least(0.8);
    const picture = some.get('beagle dog')?.[0] ?? new Uint8Array();
    await until(async () => (await answer('cat-dog', picture)).version === version);
    await own.fetch('/heads/cat-dog/rollback?version=0', { method: 'POST' });
    await until(async () => (await answer('cat-dog', picture)).version !== version);
    expect((await answer('cat-dog', picture)).predictions?.[0]?.label).to.equal('dog');
  });
});
