import { expect } from 'chai';
import type { Page } from 'playwright-core';

import { plainReply } from '../functions/frontend/fake-clip.ts';
import { CASTLE, describePage } from './page-fixture.ts';

describePage('without JavaScript', (fixture) => {
  const open = () => fixture.open({ javaScriptEnabled: false });
  const ask = async (page: Page): Promise<void> => {
    await page.locator('#image').setInputFiles(CASTLE);
    await page.getByRole('button', { name: 'Say what it is' }).click();
  };

  it('a picture is answered on a page of its own, with a way back', async () => {
    const page = await open();
    await ask(page);
    expect(await page.locator('.verdict').innerText()).to.match(/^wolf/);
    expect(await page.locator('.preview').getAttribute('src')).to.match(/^data:image\/png;base64,/);
    await page.getByRole('link', { name: 'Ask about another picture' }).click();
    expect(page.url()).to.equal(fixture.served.url);
  });

  it('another head, a number of answers and own words can be chosen, and stay chosen', async () => {
    const page = await open();
    await page.getByText('Your own words').click();
    await page.locator('#labels').fill('a castle\na boat\na tree\na dog');
    await page.locator('#top').selectOption('3');
    await ask(page);
    expect(await page.locator('.verdict').innerText()).to.match(/^a castle/);
    expect(await page.locator('.scores tbody tr').count()).to.equal(3);
    expect(await page.locator('#labels').inputValue()).to.equal('a castle\na boat\na tree\na dog');
    expect(await page.locator('[value="labels"]').isChecked()).to.equal(true);
    await page.getByText('Cat or dog').click();
    await ask(page);
    expect(await page.locator('.verdict').innerText()).to.match(/^dog/);
  });

  it('a sample is asked by its own button', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'castle' }).click();
    expect(await page.locator('.verdict').innerText()).to.match(/^wolf/);
  });

  it('a failure is a page in words, with a way back', async () => {
    fixture.clip.reply = plainReply(504);
    const page = await open();
    await ask(page);
    expect(await page.locator('.problem').innerText()).to.match(/ran out of time.*Status 504, call id/s);
    await page.getByRole('link', { name: 'Back to the first page' }).click();
    expect(await page.locator('h1').innerText()).to.equal('What is in this picture?');
  });

  it('a form without a picture is not sent, a sample is all the same', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Say what it is' }).click();
    expect(page.url()).to.equal(fixture.served.url);
    expect(await page.locator('#image:invalid').count()).to.equal(1);
    await page.getByRole('button', { name: 'castle' }).click();
    await page.locator('.verdict').waitFor();
  });

  it('on a phone the button stands beside the field, and the answer comes into view', async () => {
    const page = await fixture.open({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 844 },
      isMobile: true,
    });
    const button = await page.locator('#submit').boundingBox();
    expect((button?.y ?? Infinity) + (button?.height ?? 0)).to.be.lessThan(844);
    await ask(page);
    const verdict = await page.locator('.verdict').boundingBox();
    expect(verdict?.y).to.be.within(0, 844);
  });

  it('the question can be asked from below the settings too', async () => {
    const page = await open();
    await page.locator('#image').setInputFiles(CASTLE);
    await page.getByText('Cat or dog').click();
    await page.getByRole('button', { name: 'Ask with these settings' }).click();
    expect(await page.locator('.verdict').innerText()).to.match(/^dog/);
  });

  it('nothing that needs a script is shown', async () => {
    const page = await open();
    for (const id of ['#camera', '#after', '#ask-again', '#drop-hint', '#link-note']) {
      expect(await page.locator(id).isVisible(), id).to.equal(false);
    }
    expect(await page.locator('#submit').isVisible()).to.equal(true);
  });
});
