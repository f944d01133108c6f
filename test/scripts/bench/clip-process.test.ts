import { rm } from 'node:fs/promises';
import { expect } from 'chai';
import { BenchPictures } from '../../../scripts/bench/bench-pictures.ts';
import { buildClip, ClipProcess } from '../../../scripts/bench/clip-process.ts';
import { makeTinyModels, type TinyModels } from '../../fixtures/tiny-bundle.ts';

const OUT = `dist/test-bench-${process.pid}`;

describe('ClipProcess', function () {
  this.timeout(60_000);
  let models: TinyModels;
  let script: string;

  before(async () => {
    models = await makeTinyModels();
    script = await buildClip(OUT);
  });

  after(async () => {
    await models.remove();
    await rm(OUT, { recursive: true, force: true });
  });

  it('starts the built function, is answered, and knows the memory', async () => {
    const clip = await ClipProcess.start({ modelsDir: models.directory, model: 'tiny', script });
    try {
      const picture = (await BenchPictures.draw()).next();
      expect((await clip.firstAnswer(picture)).status).to.equal(200);
      expect((await clip.post(new Uint8Array())).status).to.equal(400);
      const { now, greatest } = await clip.memory();
      expect(greatest).to.be.at.least(now);
      if (process.platform === 'linux') expect(now).to.be.above(10_000_000);
    } finally {
      await clip.stop();
    }
    expect(await clip.post(new Uint8Array(1)).catch(() => 'away')).to.equal('away');
  });

  it('says so when the function does not start', async () => {
    const clip = await ClipProcess.start({
      modelsDir: models.directory,
      model: 'giant',
      script: `${OUT}/none.js`,
    });
    const outcome = await clip.firstAnswer(Uint8Array.of(1)).catch(String);
    expect(outcome).to.contain('ended before its first answer').and.to.contain('Cannot find module');
    await clip.stop();
  });
});
