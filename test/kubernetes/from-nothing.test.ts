import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { CHROMIUM_NOTE, launchChromium } from '../browser/chromium.ts';
import { answerOf, classify, gateway, photo, type Answer } from './asking.ts';
import { kubectl } from './cluster.ts';
import { faasCli, installPlain } from './installation.ts';
import { describeOnCluster } from './with-cluster.ts';

describeOnCluster('from nothing to a page', () => {
  it('faas-cli builds, pushes and deploys stack.yml, with no secret and no Redis', async () => {
    const printed = await installPlain();
    expect(printed.match(/Deployed\. 202 Accepted/g)).to.have.length(2);
    const list = await faasCli(['list']);
    expect(list)
      .to.match(/^clip\s+\d+\s+1\s*$/m)
      .and.to.match(/^frontend\s+\d+\s+1\s*$/m);
    expect((await kubectl(['get', 'secrets', '-o', 'name'])).trim()).to.equal('');
  });

  it('faas-cli invokes clip with a photo on its input', async () => {
    const input = await photo('two-dogs');
    const printed = await faasCli(['invoke', 'clip', '--query', 'head=cat-dog'], { input });
    // Whoever is not logged in is told so before the answer.
    const answer = JSON.parse(printed.slice(printed.indexOf('{'))) as Answer;
    expect(answer.predictions[0]?.label).to.equal('dog');
  });

  it('a program posts a photo to the gateway', async () => {
    const answer = await answerOf(await classify(await photo('orange'), '?top=3'));
    expect(answer.predictions.map(({ label }) => label)).to.include('orange');
  });

  it('the image of the page carries no weights and no onnxruntime', async () => {
    const inPod = (line: string) => kubectl(['exec', 'deployment/frontend', '--', 'sh', '-c', line]);
    expect(await inPod('find / -xdev -name "*.onnx" -o -xdev -name "onnxruntime*" | wc -l')).to.equal('0\n');
    const clip = await kubectl(['exec', 'deployment/clip', '--', 'sh', '-c', 'ls models']);
    expect(clip.split('\n')).to.include('mini-clip').and.to.not.include('training');
  });

  describe(`in a real browser${CHROMIUM_NOTE}`, () => {
    let browser: Browser | undefined;

    before(async function () {
      if (CHROMIUM_NOTE !== '') this.skip();
      await installPlain();
      browser = await launchChromium();
    });

    after(() => browser?.close());

    it('the page reads a castle off its photograph, through the gateway', async () => {
      const page = await browser?.newPage();
      if (page === undefined) throw new Error('Expected a page.');
      await page.goto(`${gateway()}/function/frontend/`);
      await page.getByRole('radio', { name: /CIFAR-100/ }).check();
      await page.locator('#image').setInputFiles({
        name: 'castle.jpg',
        mimeType: 'image/jpeg',
        buffer: Buffer.from(await photo('castle')),
      });
      const verdict = page.locator('.card .verdict').first();
      await verdict.waitFor();
      expect(await verdict.innerText()).to.match(/^castle/);
    });
  });
});
