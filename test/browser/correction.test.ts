import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { ORANGE, pictures, TEAL, TOKEN } from '../functions/trainer/harness.ts';
import { accessibilityFaults } from './page-fixture.ts';
import { describeTrainPage } from './train-fixture.ts';

describeTrainPage('a wrong answer on the page', (fixture) => {
  const ask = async (picture = 0, query = '?head=warm'): Promise<Page> => {
    const page = await fixture.open(query);
    await page.locator('#image').setInputFiles(fixture.files.orange[picture] ?? '');
    await page.locator('.verdict').waitFor();
    await page.getByText('Is this wrong?').click();
    return page;
  };
  const labels = async () => {
    const response = await fixture.own.fetch('/heads/warm/examples');
    return ((await response.json()) as { labels: Record<string, number> }).labels;
  };

  // Before any page is opened: the lists of heads are kept for a while.
  before('a second one of the heads that are asked at once', async () => {
    await fixture.own.add('dog-breeds', 'orange', await pictures(ORANGE, 8));
    await fixture.own.add('dog-breeds', 'teal', await pictures(TEAL, 8));
    const version = (await fixture.own.train('dog-breeds')).at(-1)?.data.version;
    await fixture.servesVersion('dog-breeds', String(version));
  });

  it('is sent with its right label at one click, once the token is there', async () => {
    const page = await ask();
    const button = page.locator('[data-label]').first();
    const label = (await button.getAttribute('data-label')) ?? '';
    await button.click();
    await page.getByText('Give the token first').waitFor();
    expect(await labels()).to.deep.equal({});
    await page.locator('.correction [name="token"]').fill(TOKEN);
    await button.click();
    await page.getByText(`kept as an example of ${label}`).waitFor();
    const link = page.getByRole('link', { name: 'Train the head with it' });
    expect(await link.getAttribute('href')).to.equal('train?head=warm');
    expect(await labels()).to.deep.equal({ [label]: 1 });
    await button.click();
    await page.getByText(`an example of ${label} already`).waitFor();
    await page.locator('.correction [name="label"]').fill('something new');
    await page.getByRole('button', { name: 'Send it' }).click();
    await page.getByText('Delete it there before').waitFor();
    const examples = page.getByRole('link', { name: 'See the examples of the head' });
    expect(await examples.getAttribute('href')).to.equal('train?head=warm');
    expect(page.url()).to.not.contain(TOKEN);
    expect(await accessibilityFaults(page)).to.deep.equal([]);
  });

  it('is sent with the label that was typed when Enter is pressed', async () => {
    const page = await ask(1);
    await page.locator('.correction [name="token"]').fill(TOKEN);
    await page.locator('.correction [name="label"]').fill('as typed');
    await page.locator('.correction [name="label"]').press('Enter');
    await page.getByText('kept as an example of as typed').waitFor();
    expect(await labels()).to.have.property('as typed', 1);
  });

  it('says what became of it, also where another head was chosen meanwhile', async () => {
    const page = await ask(3, '');
    await page.locator('.correction [name="token"]').fill(TOKEN);
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    fixture.useTrainer(async (request) => {
      await held;
      return fixture.own.trainer.fetch(request);
    });
    await page.locator('.correction [name="label"]').fill('meanwhile');
    await page.getByRole('button', { name: 'Send it' }).click();
    await page.getByText('Sending …').waitFor();
    await page.locator('.correction [name="head"]').selectOption('dog-breeds');
    goOn();
    await page.getByText('kept as an example of meanwhile').waitFor();
  });

  it('says so when the token is another one, and asks for it again', async () => {
    const page = await ask();
    await page.locator('.correction [name="token"]').fill('guess');
    await page.locator('[data-label]').first().click();
    await page.locator('.outcome').getByText('not the token').waitFor();
    expect(await page.evaluate('sessionStorage.getItem("clip-trainer-token")')).to.equal(null);
  });

  it('asks for the token again when the one of this tab is no longer right', async () => {
    const page = await fixture.open('?head=warm');
    await page.evaluate('sessionStorage.setItem("clip-trainer-token", "of-yesterday")');
    await page.reload();
    await page.locator('#image').setInputFiles(fixture.files.orange[2] ?? '');
    await page.locator('.verdict').waitFor();
    await page.getByText('Is this wrong?').click();
    expect(await page.locator('.correction [name="token"]').count()).to.equal(0);
    await page.locator('.correction [name="label"]').fill('another');
    await page.getByRole('button', { name: 'Send it' }).click();
    await page.locator('.outcome').getByText('not the token').waitFor();
    await page.locator('.correction [name="token"]').fill(TOKEN);
    await page.locator('.correction [name="token"]').press('Enter');
    await page.getByText('kept as an example of another').waitFor();
  });

  it('cannot be corrected where nothing can be trained', async () => {
    fixture.own.gateway.functions.delete('trainer');
    const page = await fixture.open('?head=warm');
    await page.locator('#image').setInputFiles(fixture.files.orange[0] ?? '');
    await page.locator('.verdict').waitFor();
    await page.getByText('Asked before').waitFor();
    expect(await page.getByText('Is this wrong?').count()).to.equal(0);
  });
});
