import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFunction } from '../../../functions/clip/handler.ts';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import { readPreparedHead, writePreparedHead } from '../../../shared/io/head-directory.ts';
import { buildZeroShotHead } from '../../../shared/core/zero-shot.ts';
import { makeTinyModels, writeTinyBundle, type TinyModels } from '../../fixtures/tiny-bundle.ts';
import { answerOf, picture } from './harness.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { until } from './held-clip.ts';

describe('clip: start', () => {
  let models: TinyModels;
  const file = (...path: readonly string[]) => join(models.directory, ...path);
  const start = (env: Record<string, string> = {}) =>
    createFunction(
      { models_dir: models.directory, CLIP_MODEL: 'tiny', encoder_threads: '1', ...env },
      silentLog,
    );
  const failureOf = async (env?: Record<string, string>) => {
    const served = await start(env).catch((error: unknown) => String(error));
    if (typeof served === 'string') return served;
    await served.close();
    return 'it started';
  };

  beforeEach(async () => {
    models = await makeTinyModels();
  });
  afterEach(() => models.remove());

  it('fails on a setting that is malformed', async () => {
    expect(await failureOf({ max_queue: 'x' })).to.contain('max_queue');
  });

  it('fails on a bundle that is not there, and says which are and how to get others', async () => {
    expect(await failureOf({ CLIP_MODEL: 'big' }))
      .to.contain('"big"')
      .and.contain('tiny')
      .and.contain('npm run models');
  });

  it('fails on a folder that is not there', async () => {
    expect(await failureOf({ models_dir: file('absent') }))
      .to.contain('models_dir')
      .and.contain('absent');
  });

  it('fails on a file of the bundle that is missing', async () => {
    await rm(file('tiny', 'tokenizer.json'));
    expect(await failureOf())
      .to.contain('tokenizer.json')
      .and.contain('no file');
  });

  it('fails on a model file that was altered', async () => {
    const { visionModelPath } = await readBundle(file('tiny'));
    const { size } = await import('node:fs').then(({ statSync }) => statSync(visionModelPath));
    await writeFile(visionModelPath, Buffer.alloc(size));
    expect(await failureOf())
      .to.contain('vision_model.onnx')
      .and.contain('SHA-256');
  });

  it('fails on a malformed head definition', async () => {
    await writeFile(file('heads', 'warm.json'), '{"id": "warm"}');
    expect(await failureOf()).to.contain('warm.json');
  });

  it('takes mini-clip where no bundle is named, and a fetched one of the catalogue before it', async () => {
    await writeTinyBundle(models.directory, { id: 'mini-clip' });
    const modelOf = async () => {
      const served = await start({ CLIP_MODEL: '' });
      const response = await served.fetch(
        new Request('http://clip/', { method: 'POST', body: await picture('red') }),
      );
      await served.close();
      return (await answerOf(response)).model.id;
    };
    expect(await modelOf()).to.equal('mini-clip');
    await writeFile(file('catalog.json'), JSON.stringify({ bundles: [{ id: 'unfetched' }, { id: 'tiny' }] }));
    expect(await modelOf()).to.equal('tiny');
    await rm(file('tiny', 'onnx', 'text_model.onnx'));
    expect(await modelOf(), 'a fetched one that is not whole is passed over').to.equal('mini-clip');
  });

  it('serves prepared heads without the text encoder', async () => {
    const bundle = await readBundle(file('tiny'));
    const vectors = {
      cifar100: [
        [0, 0, 1, 0],
        [0, 1, 0, 0],
        [1, 0, 0, 0],
      ],
      warm: [
        [1, 0, 0, 0],
        [0, 0, 1, 0],
      ],
    };
    for (const [id, rows] of Object.entries(vectors)) {
      const labels = (id === 'warm' ? ['warm', 'blue'] : ['red', 'green', 'blue']).map((label) => ({
        label,
      }));
      const definition = { id, title: id, labels, templates: ['{}'] };
      const head = await buildZeroShotHead(definition, bundle, () =>
        Promise.resolve(rows.map((row) => Float32Array.from(row))),
      );
      await writePreparedHead(bundle, head);
    }
    const prepared = await readPreparedHead(bundle, 'cifar100');
    const served = await start();
    try {
      await until(() => served.ready());
      const response = await served.fetch(
        new Request('http://clip/', { method: 'POST', body: await picture('red') }),
      );
      const answer = await answerOf(response);
      // The prepared rows are in the opposite order, so that it shows whose they are.
      expect(answer.predictions[0]?.label).to.equal('blue');
      expect(answer.version).to.equal(prepared?.version);
    } finally {
      await served.close();
    }
  });

  it('serves two models side by side', async () => {
    await writeTinyBundle(models.directory, { id: 'other', noneThreshold: 1 });
    const served = await start();
    try {
      const ask = async (query: string) =>
        answerOf(
          await served.fetch(
            new Request(`http://clip/${query}`, { method: 'POST', body: await picture('blue') }),
          ),
        );
      const [first, second] = [await ask(''), await ask('?model=other')];
      expect([first.model.id, second.model.id]).to.deep.equal(['tiny', 'other']);
      expect(second.predictions).to.deep.equal(first.predictions);
      expect(second.version).to.not.equal(first.version);
    } finally {
      await served.close();
    }
  });
});
