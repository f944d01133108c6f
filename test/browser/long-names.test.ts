import { expect } from 'chai';
import { TOKEN } from '../functions/trainer/harness.ts';
import { overhang } from './page-fixture.ts';
import { addLabel, binOf, describeTrainPage } from './train-fixture.ts';

const ID = 'a'.repeat(40);

describeTrainPage('names that people give', (fixture) => {
  it('breaks long names of heads and labels on a phone, on all pages', async () => {
    const page = await fixture.open('train', { viewport: { width: 360, height: 740 }, hasTouch: true });
    await page.locator('#name').fill(ID);
    await page.locator('#title').fill('T'.repeat(100));
    await page.getByRole('button', { name: 'Use this name' }).click();
    await page.locator('#token').fill(TOKEN);
    await page.getByRole('button', { name: 'Use this token' }).click();
    await page.locator('#consent').check();
    for (const [letter, files] of [
      ['o', fixture.files.orange],
      ['m', fixture.files.teal],
    ] as const) {
      const label = letter.repeat(100);
      await addLabel(page, label);
      await binOf(page, label)
        .locator('[data-part="files"]')
        .setInputFiles([...files]);
      await binOf(page, label).getByText('8 of 8 done').waitFor();
    }
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.locator('#result-title').waitFor();
    expect(await overhang(page)).to.equal(0);
    const { current } = (await (await fixture.own.fetch(`/heads/${ID}`)).json()) as { current: string };
    await fixture.servesVersion(ID, current);
    await page.getByRole('link', { name: 'Ask it about a picture' }).click();
    await page.locator('#image').setInputFiles(fixture.files.teal[0] ?? '');
    await page.getByText('Is this wrong?').click();
    await page.locator('.correction [data-label]').first().waitFor();
    expect(await overhang(page)).to.equal(0);
    await page.goto(`${fixture.url}status`);
    await page.locator('.heads').getByText('TTTT').waitFor();
    await page.locator('.value-text').getByText('TTTT').waitFor();
    expect(await overhang(page)).to.equal(0);
  });
});
