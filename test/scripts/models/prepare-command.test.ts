import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import sharp from 'sharp';
import { runEvaluate } from '../../../scripts/evaluate/run-evaluate.ts';
import { runModels } from '../../../scripts/models/run-models.ts';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import { readPreparedHead, writePreparedHead } from '../../../shared/io/head-directory.ts';
import { makeTinyModels, type TinyModels } from '../../fixtures/tiny-bundle.ts';
import { sampleHead, SAMPLE_REVISION } from '../../shared/core/sample-head.ts';

/** The real encoder on a bundle that knows three colours. */
describe('prepare and evaluate, with ONNX Runtime', () => {
  let models: TinyModels;
  let said: string;
  const context = {
    env: {},
    output: { write: (text: string) => (said += text) },
    signal: new AbortController().signal,
  };

  before(async () => {
    models = await makeTinyModels();
  });
  after(() => models.remove());
  beforeEach(() => (said = ''));

  it('prepares the heads that the definitions ask for, and verifies them', async () => {
    await runModels(['prepare', 'tiny', '--models', models.directory], context);
    const head = await readPreparedHead(await readBundle(join(models.directory, 'tiny')), 'cifar100');
    expect(head?.labels).to.deep.equal(['red', 'green', 'blue']);
    const rows = Array.from({ length: 3 }, (_, row) => [
      ...(head?.weights.subarray(row * 4, row * 4 + 4) ?? []),
    ]);
    for (const [row, values] of rows.entries()) expect(Math.max(...values)).to.equal(values[row]);
    said = '';
    await runModels(['verify', 'tiny', '--models', models.directory], context);
    expect(said).to.contain('head cifar100: ready').and.to.contain('head warm: ready');
  });

  it('says which heads were trained for the bundle and which for another revision', async () => {
    const bundle = await readBundle(join(models.directory, 'tiny'));
    const trained = await sampleHead({
      ...{ id: 'warm', kind: 'linear' as const, bundleRevision: bundle.revision },
      weights: new Float32Array(8),
    });
    await writePreparedHead(bundle, trained);
    await runModels(['prepare', 'tiny', '--models', models.directory], context);
    expect(said).to.contain('head warm: trained for this bundle').and.not.to.contain('head cifar100');
    const other = { ...bundle, revision: SAMPLE_REVISION };
    await writePreparedHead(other, { ...trained, bundleRevision: SAMPLE_REVISION });
    const outcome = await runModels(['verify', 'tiny', '--models', models.directory], context).catch(String);
    expect(outcome).to.contain('Heads are not current');
    await runModels(['prepare', 'tiny', '--models', models.directory], context);
    expect(said).to.contain('head warm: was trained for another revision');
    expect((await readPreparedHead(bundle, 'warm'))?.kind).to.equal('zero-shot');
  });

  it('says which bundles there are when asked for another', async () => {
    const outcome = await runModels(['prepare', 'giant', '--models', models.directory], context).catch(
      String,
    );
    expect(outcome).to.contain('There is no bundle giant').and.to.contain('There is: tiny');
  });

  it('does not remove what it could not fetch again', async () => {
    await writeFile(join(models.directory, 'catalog.json'), JSON.stringify({ bundles: [] }));
    const outcome = await runModels(['remove', 'tiny', '--models', models.directory], context).catch(String);
    expect(outcome).to.contain('tiny is not in the catalogue');
    expect((await readBundle(join(models.directory, 'tiny'))).manifest.id).to.equal('tiny');
  });

  it('names the colours of pictures', async () => {
    const data = join(models.directory, 'data');
    for (const [name, background] of [
      ['red', '#d01008'],
      ['green', '#10d008'],
      ['blue', '#0810d0'],
    ] as const) {
      await mkdir(join(data, name), { recursive: true });
      const picture = sharp({ create: { width: 30, height: 20, channels: 3, background } });
      await picture.jpeg().toFile(join(data, name, 'a.jpg'));
    }
    const argv = ['--head', 'cifar100', '--data', data, '--kind', 'zero-shot', '--models', models.directory];
    const report = await runEvaluate([...argv, '--model', 'tiny'], context);
    expect(report?.top1.value).to.equal(1);
    expect(report?.confusion.cells).to.deep.equal([
      [0, 0, 1],
      [1, 1, 1],
      [2, 2, 1],
    ]);
    expect(said).to.contain('taken for each other').and.to.contain('none');
  });
});
