import { expect } from 'chai';
import { HeadCatalogue } from '../../../../functions/clip/models/head-catalogue.ts';
import type { Bundle } from '../../../../shared/core/bundle.ts';
import { AppError } from '../../../../shared/core/errors.ts';
import type { HeadDefinition, LinearHead } from '../../../../shared/core/head.ts';
import { buildZeroShotHead } from '../../../../shared/core/zero-shot.ts';

const bundle = {
  revision: `sha256:${'0'.repeat(64)}`,
  manifest: { embeddingSize: 2, logitScale: 10 },
} as unknown as Bundle;

const definition = (id: string): HeadDefinition => ({
  id,
  title: id.toUpperCase(),
  labels: [{ label: 'a' }, { label: 'b' }],
  templates: ['{}'],
});

function catalogueOf(ids: readonly string[], prepared: readonly LinearHead[] = [], loadWaitMs = 10_000) {
  const asked: string[] = [];
  const state = { isBroken: false, hold: Promise.resolve() };
  const catalogue = new HeadCatalogue({
    bundle,
    definitions: ids.map(definition),
    loadWaitMs,
    readPrepared: (id) => {
      asked.push(id);
      return Promise.resolve(prepared.find((head) => head.id === id));
    },
    readAccuracy: ({ id }) => Promise.resolve(id === 'measured' ? 0.75 : undefined),
    encodeTexts: async (texts) => {
      await state.hold;
      if (state.isBroken) throw new Error('no encoder');
      return texts.map((text) => (text === 'a' ? Float32Array.of(1, 0) : Float32Array.of(0, 1)));
    },
  });
  return { catalogue, asked, state };
}

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('HeadCatalogue', () => {
  it('builds a head from its texts where none was prepared', async () => {
    const { catalogue } = catalogueOf(['warm']);
    const { head, costMs } = await catalogue.get('warm');
    expect(Array.from(head.weights)).to.deep.equal([1, 0, 0, 1]);
    expect(head.kind).to.equal('zero-shot');
    expect(costMs).to.be.at.least(0);
  });

  it('builds a head anew whose labels were edited since it was prepared', async () => {
    const before = { ...definition('warm'), labels: [{ label: 'a' }, { label: 'c' }] };
    const prepared = await buildZeroShotHead(before, bundle, (texts) =>
      Promise.resolve(texts.map(() => Float32Array.of(1, 0))),
    );
    const { catalogue } = catalogueOf(['warm'], [prepared]);
    expect((await catalogue.get('warm')).head.labels).to.deep.equal(['a', 'b']);
  });

  it('says how good a head is where that was measured, and nothing where it was not', async () => {
    const { catalogue } = catalogueOf(['measured', 'not-measured']);
    expect(await catalogue.get('measured')).to.have.property('accuracy', 0.75);
    expect(await catalogue.get('not-measured')).not.to.have.property('accuracy');
  });

  it('takes the prepared one where there is one, and needs no encoder for it', async () => {
    const built = await buildZeroShotHead(definition('warm'), bundle, () =>
      Promise.resolve([Float32Array.of(0, 1), Float32Array.of(1, 0)]),
    );
    const { catalogue, state } = catalogueOf(['warm'], [built]);
    state.isBroken = true;
    expect((await catalogue.get('warm')).head.version).to.equal(built.version);
  });

  it('loads the default head first, and each of them once', async () => {
    const { catalogue, asked } = catalogueOf(['b', 'a', 'cifar100']);
    await catalogue.loadAll();
    await catalogue.get('a');
    expect(asked).to.deep.equal(['cifar100', 'b', 'a']);
    expect(catalogue.now('a')?.head.id).to.equal('a');
  });

  it('answers with the first head where there is no cifar100', () => {
    expect(catalogueOf(['b', 'a']).catalogue.defaultId).to.equal('b');
    expect(catalogueOf(['b', 'cifar100']).catalogue.defaultId).to.equal('cifar100');
  });

  it('says not-ready while a head is being made, and serves it afterwards', async () => {
    const { catalogue, state } = catalogueOf(['warm'], [], 10);
    let finish = (): void => undefined;
    state.hold = new Promise((resolve) => (finish = resolve));
    expect(await errorOf(catalogue.get('warm')))
      .to.be.an.instanceOf(AppError)
      .with.property('code', 'not-ready');
    expect(catalogue.now('warm')).to.equal(undefined);
    finish();
    await catalogue.loadAll();
    expect((await catalogue.get('warm')).head.id).to.equal('warm');
  });

  it('tries again after a failure, and loads the others all the same', async () => {
    const { catalogue, state } = catalogueOf(['a', 'b']);
    state.isBroken = true;
    expect(await errorOf(catalogue.loadAll())).to.have.property('message', 'no encoder');
    state.isBroken = false;
    expect((await catalogue.get('a')).head.id).to.equal('a');
  });

  it('names the heads that there are when it is asked for another', async () => {
    const error = await errorOf(catalogueOf(['a', 'b']).catalogue.get('c'));
    expect(error)
      .to.be.an.instanceOf(AppError)
      .with.property('message')
      .that.contains('a, b')
      .and.contains('"c"');
  });
});
