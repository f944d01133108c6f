import { expect } from 'chai';
import type { BrowserContextOptions, Page } from 'playwright-core';

import { plainReply } from '../functions/frontend/fake-clip.ts';
import { accessibilityFaults, describePage, overhang } from './page-fixture.ts';

const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
};
const REPLICAS = ['clip-7d9f-1-0a1b2c3d', 'clip-7d9f-1-99887766'].map((replica) => ({
  replica,
  startedAt: '2026-01-31T12:34:56.789Z',
  totals: { requests: 1_000, pictures: 800, failedPictures: 1 },
}));

describePage('the page of the status', (fixture) => {
  afterEach(() => {
    fixture.clip.status = {};
    fixture.clip.models = ['mini-clip'];
  });

  /** With a clock of the page's own, which goes on when it is told to. */
  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await fixture.open(options);
    const now = Date.now();
    await page.clock.install({ time: now });
    // Installed alone, it goes on by itself.
    await page.clock.pauseAt(now + 1_000);
    await page.goto(`${fixture.served.url}status`);
    return page;
  };
  const answered = (pictures: number) => ({ images: { hit: 0, miss: pictures, shared: 0, failed: 0 } });
  const value = (page: Page, text: string) => page.locator('.tile .value', { hasText: text }).waitFor();
  const trouble = (page: Page) => page.locator('#trouble');
  /** `document.hidden` as it is when another tab is in front. */
  const hide = (page: Page, isHidden: boolean) =>
    page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));`);

  it('renews its figures by itself, without a word to screen readers, and keeps focus and selection', async () => {
    const page = await open();
    await value(page, '1,203');
    await page.locator('#pause').focus();
    await page.evaluate(`getSelection().selectAllChildren(document.querySelector('.facts caption'));
      window.first = document.querySelector('.tile .value');`);
    const selected = await page.evaluate<string>('getSelection().toString()');
    fixture.clip.status = answered(77);
    await page.clock.runFor(5_500);
    await value(page, '77');
    expect(await page.evaluate('window.first.isConnected')).to.equal(true);
    expect(await page.evaluate('getSelection().toString()')).to.equal(selected);
    expect(await page.evaluate('document.activeElement.id')).to.equal('pause');
    expect(await page.locator('#announcer').textContent()).to.equal('');
  });

  it('says once that the server is away, asks ever more rarely, and says once that it is back', async () => {
    const page = await open();
    fixture.clip.replyToRest = plainReply(502);
    await page.clock.runFor(5_500);
    await trouble(page).getByText('asked again in 5\u202Fs').waitFor();
    expect(await trouble(page).innerText()).to.contain('The figures below are the last that came.');
    await page.clock.runFor(500);
    expect(await page.locator('#announcer').textContent()).to.equal('The classifier does not answer.');
    await page.evaluate('document.querySelector("#announcer").textContent = ""');
    await page.clock.runFor(5_000);
    await trouble(page).getByText('asked again in 10\u202Fs').waitFor();
    await page.clock.runFor(500);
    expect(await page.locator('#announcer').textContent(), 'said once').to.equal('');
    fixture.clip.replyToRest = undefined;
    fixture.clip.status = answered(88);
    await page.clock.runFor(10_000);
    await value(page, '88');
    expect(await trouble(page).isVisible()).to.equal(false);
    await page.clock.runFor(500);
    expect(await page.locator('#announcer').textContent()).to.equal('The classifier answers again.');
  });

  it('fills itself once a server that was away at first is there', async () => {
    fixture.clip.replyToRest = plainReply(503, 'no endpoints');
    const page = await open();
    expect(await trouble(page).innerText()).to.contain('asked again in 5\u202Fs');
    expect(await page.locator('.tile').count()).to.equal(0);
    fixture.clip.replyToRest = undefined;
    await page.clock.runFor(5_500);
    await value(page, '1,203');
    expect(await trouble(page).isVisible()).to.equal(false);
  });

  it('a network that is gone is said, and the page goes on when it is back', async () => {
    const page = await open();
    await page.context().setOffline(true);
    await page.clock.runFor(5_500);
    await trouble(page).waitFor();
    await page.context().setOffline(false);
    await trouble(page).waitFor({ state: 'hidden' });
  });

  it('asks nothing while nobody looks, and at once when somebody does again', async () => {
    const page = await open();
    await hide(page, true);
    fixture.clip.asked.length = 0;
    fixture.clip.status = answered(99);
    await page.clock.runFor(60_000);
    expect(fixture.clip.asked).to.have.length(0);
    await hide(page, false);
    await value(page, '99');
  });

  it('can be paused', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Pause' }).click();
    fixture.clip.asked.length = 0;
    await page.clock.runFor(60_000);
    await hide(page, false);
    expect(fixture.clip.asked).to.have.length(0);
    expect(await page.locator('#pace').textContent()).to.equal(', paused');
    fixture.clip.status = answered(55);
    await page.getByRole('button', { name: 'Go on' }).click();
    await value(page, '55');
  });

  it('is whole without JavaScript, with a link to load it anew', async () => {
    const page = await fixture.open({ javaScriptEnabled: false }, 'status');
    await value(page, '1,203');
    expect(await page.locator('.facts').count()).to.equal(2);
    expect(await page.locator('#pause').isVisible()).to.equal(false);
    fixture.clip.status = answered(66);
    await page.getByRole('link', { name: 'Reload' }).click();
    await value(page, '66');
    await page.getByRole('link', { name: 'Classify' }).click();
    expect(page.url()).to.equal(fixture.served.url);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no fault that axe knows in the ${colorScheme} scheme, with all there is to show and with trouble`, async () => {
      fixture.clip.models = ['mini-clip', 'clip-vit-base-patch32'];
      fixture.clip.status = { replicas: REPLICAS };
      const page = await open({ colorScheme });
      await page.getByText('All 2').waitFor();
      // axe waits by the page's clock.
      await page.clock.resume();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      fixture.clip.replyToRest = plainReply(502);
      await page.clock.runFor(5_500);
      await trouble(page).waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
    });
  }

  it('fits a phone of 360 pixels', async () => {
    fixture.clip.models = ['mini-clip', 'clip-vit-base-patch32'];
    fixture.clip.status = { replicas: REPLICAS };
    const page = await open(PHONE);
    await page.getByText('All 2').waitFor();
    expect(await overhang(page)).to.equal(0);
  });
});
