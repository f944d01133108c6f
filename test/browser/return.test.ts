import { expect } from 'chai';
import type { Browser } from 'playwright-core';

import { CHROMIUM_NOTE, launchChromium } from './chromium.ts';
import { CASTLE } from './page-fixture.ts';
import { servePage, type ServedPage } from './served-page.ts';

/** Tests usually switch off what people's browsers do: keeping a page that somebody may come back to. */
const AS_PEOPLE_HAVE_IT = { ignoreDefaultArgs: ['--disable-back-forward-cache'] };

(CHROMIUM_NOTE === '' ? describe : describe.skip)(`coming back to the page${CHROMIUM_NOTE}`, function () {
  this.timeout(60_000);
  let browser: Browser;
  let served: ServedPage;

  before(async () => {
    served = await servePage();
    browser = await launchChromium(AS_PEOPLE_HAVE_IT);
  });
  after(async () => {
    await browser.close();
    await served.close();
  });

  it('finds pictures and answers as they were', async () => {
    const page = await browser.newPage();
    await page.goto(served.url);
    await page.locator('#image').setInputFiles(CASTLE);
    await page.locator('.verdict').waitFor();
    await page.getByRole('link', { name: 'Status' }).click();
    await page.getByRole('heading', { name: 'Status' }).waitFor();
    // Not goBack, which waits for the page to load: it does not.
    await page.evaluate('history.back()').catch(() => undefined);
    await page.waitForURL(served.url, { waitUntil: 'commit' });
    await page.locator('.verdict').waitFor();
    expect(await page.locator('.verdict').innerText()).to.match(/^wolf/);
  });
});
