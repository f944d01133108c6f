import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';

import { CHROMIUM_NOTE, launchChromium } from './chromium.ts';
import { DOGS, SAMPLES } from './page-fixture.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const BUNDLE_NOTE = existsSync(join(REPOSITORY, 'models/mini-clip/bundle.json'))
  ? ''
  : ' (skipped: models/mini-clip is not there)';

/** Nothing stands in for anything here: local gateway, both functions as built, the embedded model, a real browser. */
(CHROMIUM_NOTE + BUNDLE_NOTE === '' ? describe : describe.skip)(
  `from a photo to an answer${CHROMIUM_NOTE}${BUNDLE_NOTE}`,
  function () {
    this.timeout(120_000);
    let gateway: ChildProcess;
    let browser: Browser;
    let out: string;
    let url: string;

    before(async () => {
      await mkdir(join(REPOSITORY, 'dist'), { recursive: true });
      out = await mkdtemp(join(REPOSITORY, 'dist', 'whole-way-'));
      gateway = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts', '--out', out], {
        cwd: REPOSITORY,
        env: { ...process.env, PORT: '0', CLIP_MODEL: 'mini-clip' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      url = await printedUrl(gateway);
      browser = await launchChromium();
    });

    after(async () => {
      await browser.close();
      const ended = new Promise((resolve) => gateway.once('exit', resolve));
      gateway.kill('SIGTERM');
      await ended;
      await rm(out, { recursive: true, force: true });
    });

    it('reads an orange, a castle and a tractor off their photographs', async () => {
      const page = await browser.newPage();
      await page.goto(url);
      await page.getByRole('radio', { name: /CIFAR-100/ }).check();
      for (const name of ['tractor', 'castle', 'orange']) {
        await page.getByRole('button', { name }).click();
        await page
          .locator('.card', { hasText: `${name}.jpg` })
          .locator('.verdict')
          .waitFor({ timeout: 60_000 });
      }
      expect(await page.locator('.verdict strong').allInnerTexts()).to.deep.equal([
        'orange',
        'castle',
        'tractor',
      ]);
    });

    it('chooses among words of my own', async () => {
      const page = await browser.newPage();
      await page.goto(`${url}?labels=two+dogs,a+castle,a+bowl+of+fruit`);
      await page.locator('#image').setInputFiles(DOGS);
      await page.locator('.verdict').waitFor({ timeout: 60_000 });
      expect(await page.locator('.verdict strong').innerText()).to.equal('two dogs');
      expect(await page.locator('.scores tbody tr').count()).to.equal(3);
    });

    it('answers without JavaScript too', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(url);
      await page.locator('#image').setInputFiles(`${SAMPLES}orange.jpg`);
      await page.getByRole('button', { name: 'Say what it is' }).click();
      await page.locator('.verdict').waitFor({ timeout: 60_000 });
      expect(await page.locator('.verdict').innerText()).to.match(/orange/);
      await context.close();
    });

    it('says what is wrong with a file that is no picture', async () => {
      const page = await browser.newPage();
      await page.goto(url);
      const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Buy milk.') };
      await page.locator('#image').setInputFiles(file);
      const text = await page.locator('.card.problem [role="alert"]').innerText();
      expect(text).to.match(/no picture that can be read.*JPEG or PNG.*Call id [\w.:-]+$/ms);
    });
  },
);

/** The page's address, from what the gateway prints once it listens. */
function printedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\/function\/frontend\//.exec(printed);
      if (found !== null) resolve(found[0]);
    });
    child.once('exit', (code) => reject(new Error(`The gateway ended (${code}) after: ${printed}`)));
  });
}
