import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { chooseBundle } from '../../../shared/io/choose-bundle.ts';
import { makeTinyModels, writeTinyBundle, type TinyModels } from '../../fixtures/tiny-bundle.ts';

describe('chooseBundle', () => {
  let models: TinyModels;
  const choose = (wanted = '') => chooseBundle(models.directory, wanted);
  const failure = (wanted = '') =>
    choose(wanted).then(
      (id) => `it chose ${id}`,
      (error: unknown) => String(error),
    );
  const catalogue = (...ids: readonly string[]) =>
    writeFile(join(models.directory, 'catalog.json'), JSON.stringify({ bundles: ids.map((id) => ({ id })) }));

  beforeEach(async () => {
    models = await makeTinyModels();
    await writeTinyBundle(models.directory, { id: 'mini-clip' });
  });
  afterEach(() => models.remove());

  it('takes the wanted one', async () => {
    expect(await choose('tiny')).to.equal('tiny');
  });

  it('takes the embedded one where nobody fetched another', async () => {
    expect(await choose()).to.equal('mini-clip');
    await catalogue('large', 'larger');
    expect(await choose()).to.equal('mini-clip');
  });

  it("takes the catalogue's first that was fetched", async () => {
    await writeTinyBundle(models.directory, { id: 'second' });
    await catalogue('large', 'tiny', 'second');
    expect(await choose()).to.equal('tiny');
    await rm(join(models.directory, 'tiny', 'tokenizer.json'));
    expect(await choose(), 'one that is not whole is passed over').to.equal('second');
  });

  it('says what there is when the wanted one is not, and how to fetch it', async () => {
    expect(await failure('large'))
      .to.contain('"large"')
      .and.contain('mini-clip, tiny')
      .and.contain('npm run models');
  });

  it('says so when there is none at all', async () => {
    await rm(join(models.directory, 'mini-clip'), { recursive: true });
    expect(await failure()).to.contain('There: tiny');
    expect(await chooseBundle(join(models.directory, 'absent'), '').catch(String)).to.contain('models_dir');
  });
});
