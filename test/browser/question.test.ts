import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

import { optionsOf, problemReply } from '../functions/frontend/fake-clip.ts';
import { CASTLE, describePage, TRACTOR } from './page-fixture.ts';

describePage('the question', (fixture) => {
  const choose = (page: Page, files: string | string[] = CASTLE) =>
    page.locator('#image').setInputFiles(files);
  const lastOptions = (): URLSearchParams =>
    optionsOf(fixture.clip.classifications.at(-1) ?? { url: '', body: Buffer.alloc(0) });

  it('is open at first: all general heads in one request, the sure one first', async () => {
    const page = await fixture.open();
    await choose(page);
    await page.locator('.verdict strong', { hasText: 'wolf' }).waitFor();
    expect(lastOptions().getAll('head')).to.deep.equal(['cifar100', 'dog-breeds']);
    expect(fixture.clip.classifications).to.have.length(1);
    expect(await page.locator('.card summary').innerText()).to.equal('Also asked: Dog breeds');
  });

  it('shows scores without false certainty, similarities, and words that the model never met', async () => {
    const page = await fixture.open();
    await choose(page);
    await page.locator('.unseen').first().waitFor();
    const rows = await page.locator('.card > .said > .state > .scores tbody tr').allInnerTexts();
    const plain = rows.map((row) => row.replaceAll('\u202F', ' ').replace(/\s+/g, ' ').trim());
    expect(plain).to.deep.equal([
      'wolf 81.2 % 0.313',
      'fox new word 10.2 % 0.251',
      'bear 4.1 % 0.221',
      'skunk 1.0 % −0.042',
      'rabbit < 0.1 % 0.143',
    ]);
  });

  it('can be another head: pictures on the page are asked again, and the choice is remembered', async () => {
    const page = await fixture.open();
    await choose(page);
    await page.locator('.verdict strong', { hasText: 'wolf' }).waitFor();
    await page.getByText('Cat or dog').click();
    await page.locator('.verdict strong', { hasText: 'dog' }).waitFor();
    expect((await page.locator('.verdict').innerText()).replaceAll('\u202F', ' ')).to.contain('> 99.9 %');
    expect(page.url()).to.match(/\?head=cat-dog$/);
    await page.goto(fixture.served.url);
    expect(await page.locator('[value="cat-dog"]').isChecked()).to.equal(true);
  });

  it('says plainly when none of the labels fits', async () => {
    const page = await fixture.open();
    await page.getByText('Dog breeds').click();
    await choose(page);
    await page.getByText('None of these fits.', { exact: true }).waitFor();
    await page.locator('#announcer', { hasText: 'none of these fits' }).waitFor({ state: 'attached' });
  });

  it('can be own words, which wait until there are some', async () => {
    const page = await fixture.open();
    await page.getByText('Your own words').click();
    await choose(page);
    await page.getByText('Waiting for your words.').waitFor();
    expect(await page.evaluate('document.activeElement.id')).to.equal('labels');
    await page.locator('#labels').fill('a castle, zorgle\na tractor');
    await page.locator('#template').fill('a drawing of a {}');
    await page.getByRole('button', { name: 'Ask with these words' }).click();
    await page.locator('.verdict strong', { hasText: 'a castle' }).waitFor();
    expect(lastOptions().getAll('labels')).to.deep.equal(['a castle', 'zorgle', 'a tractor']);
    expect(lastOptions().get('template')).to.equal('a drawing of a {}');
    expect(await page.locator('tr', { hasText: 'zorgle' }).innerText()).to.contain('new word');
  });

  it('stands in a link: opened elsewhere it asks the same of a picture supplied again', async () => {
    const page = await fixture.open();
    await page.getByText('Your own words').click();
    await page.locator('#labels').fill('a castle\nsomething else');
    await page.locator('#template').fill('{}, seen from afar');
    await page.locator('#top').selectOption('10');
    const link = new URL(page.url());
    const other = await fixture.open({}, link.search);
    await other.getByText('This link brought its own question').waitFor();
    await choose(other);
    await other.locator('.verdict').waitFor();
    expect([...lastOptions()]).to.deep.equal([
      ['top', '10'],
      ['labels', 'a castle'],
      ['labels', 'something else'],
      ['template', '{}, seen from afar'],
    ]);
  });

  it('stays out of the address where it has more words than one can carry, and is remembered all the same', async () => {
    const page = await fixture.open();
    const words = Array.from({ length: 256 }, (_, at) => `${'\u{1F600}'.repeat(20)}${at}`).join('\n');
    await page.getByText('Your own words').click();
    await page.locator('#labels').fill(words);
    expect(page.url()).to.equal(fixture.served.url);
    await choose(page);
    await page.locator('.verdict').waitFor();
    expect(await page.getByRole('button', { name: 'Copy link to this question' }).isDisabled()).to.equal(
      true,
    );
    await page.getByText('more than a link can carry').waitFor();
    expect(await page.locator('.past li').first().innerText()).not.to.contain('same question');
    await page.reload();
    expect(await page.locator('#labels').inputValue()).to.equal(words);
  });

  it('keeps the head of a link that the page itself does not know yet', async () => {
    const page = await fixture.open({}, 'nowhere');
    const heads = [{ id: 'brand-new', title: 'Made just now', labelCount: 3, version: 'sha256:1' }];
    await page.route('**/function/clip/heads', (route) => route.fulfill({ json: { heads } }));
    await page.goto(`${fixture.served.url}?head=brand-new`);
    await page.getByText('Made just now').waitFor();
    expect(await page.locator('[value="brand-new"]').isChecked()).to.equal(true);
  });

  it('asks the head of a link before any list has come, and where none has it', async () => {
    const page = await fixture.open({}, 'nowhere');
    await page.route('**/function/clip/heads', () => undefined);
    await page.goto(`${fixture.served.url}?head=made-just-now`);
    await choose(page);
    await page.locator('.verdict').waitFor();
    expect(lastOptions().get('head')).to.equal('made-just-now');
  });

  it('keeps the model of a link', async () => {
    const page = await fixture.open({}, '?model=mini-clip&head=cat-dog');
    await choose(page);
    await page.locator('.verdict').waitFor();
    expect(lastOptions().get('model')).to.equal('mini-clip');
    expect(lastOptions().get('head')).to.equal('cat-dog');
  });

  it('stands in code to copy, with the real address', async () => {
    const context = { permissions: ['clipboard-read', 'clipboard-write'] };
    const page = await fixture.open(context, '?head=cat-dog');
    const clipUrl = `${fixture.served.gateway.url}/function/clip?head=cat-dog`;
    for (const [language, mark] of [
      ['curl', 'curl --data-binary'],
      ['JavaScript', 'createImageBitmap'],
      ['Python', 'requests.post'],
    ] as const) {
      await page.getByRole('button', { name: language, exact: true }).click();
      const code = await page.locator('pre').innerText();
      expect(code).to.contain(mark).and.to.contain(clipUrl);
    }
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).to.contain('requests.post');
  });

  it('has answers to take along as JSON and CSV', async () => {
    const page = await fixture.open({}, '?head=cat-dog');
    await choose(page, [CASTLE, TRACTOR]);
    await page.locator('.verdict').nth(1).waitFor();
    const download = async (name: string): Promise<string> => {
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name }).click();
      return readFile(await (await waiting).path(), 'utf8');
    };
    const { images } = JSON.parse(await download('Download JSON')) as {
      images: { file: string; answer: object }[];
    };
    expect(images.map(({ file }) => file)).to.deep.equal(['castle.jpg', 'tractor.jpg']);
    expect(images[0]?.answer).to.include({ head: 'cat-dog', confident: true });
    const lines = (await download('Download CSV')).trim().split('\r\n');
    expect(lines).to.have.length(5);
    expect(lines[1]).to.match(
      /^castle\.jpg,cat-dog,1,dog,0\.99999,0\.29,true,[0-9a-f]{64},mini-clip,sha256:1234$/,
    );
  });

  it('has nothing to take along before the first answer, and names pictures that failed', async () => {
    fixture.clip.reply = problemReply(422, 'undecodable-image', 'Expected a jpeg that can be decoded.');
    const page = await fixture.open({}, '?head=cat-dog');
    await choose(page);
    await page.locator('.problem').waitFor();
    const buttons = ['Download JSON', 'Download CSV'].map((name) => page.getByRole('button', { name }));
    for (const button of buttons) expect(await button.isDisabled()).to.equal(true);
    fixture.clip.reply = undefined;
    await choose(page, TRACTOR);
    await page.locator('.verdict').waitFor();
    for (const button of buttons) expect(await button.isDisabled()).to.equal(false);
    const waiting = page.waitForEvent('download');
    await buttons[0]?.click();
    const { images } = JSON.parse(await readFile(await (await waiting).path(), 'utf8')) as {
      images: { file: string; answer?: object; problem?: { detail: string } }[];
    };
    expect(images.map(({ file }) => file)).to.deep.equal(['tractor.jpg', 'castle.jpg']);
    expect(images[0]).to.have.property('answer');
    expect(images[1]?.problem).to.deep.include({
      code: 'undecodable-image',
      detail: 'Expected a jpeg that can be decoded.',
    });
  });

  it('is listed with its picture in this browser only, until it is forgotten', async () => {
    const page = await fixture.open({}, '?head=cat-dog');
    await choose(page);
    const past = page.locator('.past li');
    await past.first().waitFor();
    await page.goto(fixture.served.url);
    expect(await past.count()).to.equal(1);
    expect(await past.innerText())
      .to.contain('dog')
      .and.to.contain('castle.jpg');
    expect(await past.locator('img').getAttribute('src')).to.match(/^data:image\/jpeg;base64,/);
    expect(await past.locator('a').getAttribute('href')).to.equal('./?head=cat-dog');
    await page.getByRole('button', { name: 'Forget them' }).click();
    expect(await past.count()).to.equal(0);
    expect(await page.evaluate('localStorage.getItem("clip-past-pictures")')).to.equal(null);
    const stranger = await fixture.open();
    expect(await stranger.locator('.past li').count()).to.equal(0);
    expect(await stranger.context().cookies()).to.deep.equal([]);
  });
});
