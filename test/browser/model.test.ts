import { expect } from 'chai';

import { accessibilityFaults, CASTLE, describePage } from './page-fixture.ts';

describePage('a single model', (fixture) => {
  it('leaves no choice', async () => {
    const page = await fixture.open();
    expect(await page.locator('#model').count()).to.equal(0);
  });
});

describePage('the choice of a model', (fixture) => {
  before(() => {
    fixture.clip.models = ['mini-clip', 'large'];
  });

  const modelsAsked = () =>
    fixture.clip.classifications.map(({ url }) => new URL(url, 'http://clip').searchParams.get('model'));

  it('asks the chosen one, stands in the address, and is remembered', async () => {
    const page = await fixture.open();
    await page.locator('#image').setInputFiles(CASTLE);
    await page.locator('.verdict').waitFor();
    const again = page.waitForResponse(/\/classify$/);
    const heads = page.waitForResponse(/\/heads\?model=large$/);
    await page.getByLabel('Model').selectOption('large');
    await page.waitForURL(/model=large/);
    await Promise.all([again, heads]);
    expect(modelsAsked()).to.deep.equal([null, 'large']);
    expect(await page.locator('pre').innerText()).to.contain('model=large');
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await page.goto(fixture.served.url);
    expect(await page.getByLabel('Model').inputValue()).to.equal('large');
  });

  it('works without JavaScript, and stays chosen', async () => {
    const page = await fixture.open({ javaScriptEnabled: false });
    await page.getByLabel('Model').selectOption('large');
    await page.locator('#image').setInputFiles(CASTLE);
    await page.getByRole('button', { name: 'Say what it is' }).click();
    await page.locator('.verdict').waitFor();
    expect(modelsAsked()).to.deep.equal(['large']);
    expect(await page.getByLabel('Model').inputValue()).to.equal('large');
  });
});
