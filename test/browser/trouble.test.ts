import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

import { problemReply, plainReply } from '../functions/frontend/fake-clip.ts';
import { boxesOf, CASTLE, describePage } from './page-fixture.ts';

describePage('when things go wrong', (fixture) => {
  const ask = (page: Page) => page.locator('#image').setInputFiles(CASTLE);
  const problem = async (page: Page): Promise<string> => {
    const card = page.locator('.card.problem [role="alert"]');
    await card.locator('.problem-title').waitFor();
    return card.innerText();
  };

  it('a slow upload shows how far it is, can be cancelled, and sent after all', async () => {
    const page = await fixture.open();
    const network = await page.context().newCDPSession(page);
    const speed = (bytesASecond: number) =>
      network.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: bytesASecond,
      });
    await network.send('Network.enable');
    await speed(500);
    await ask(page);
    await page.locator('.card .note', { hasText: /Sending, \d+ %/ }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. Nothing was kept.').waitFor();
    expect(fixture.clip.classifications).to.have.length(0);
    await speed(-1);
    await page.getByRole('button', { name: 'Send it after all' }).click();
    await page.locator('.verdict').waitFor();
  });

  it('a picture that waits for its answer can be cancelled', async () => {
    fixture.clip.reply = () => undefined;
    const page = await fixture.open();
    await ask(page);
    await page.getByText('Sent. Looking at it').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. Nothing was kept.').waitFor();
    expect(await page.locator('progress').count()).to.equal(0);
  });

  it('a server that is gone is said in words, and trying again works once it is back', async () => {
    const page = await fixture.open();
    await page.context().setOffline(true);
    await ask(page);
    expect(await problem(page)).to.match(/No connection.*cannot be reached.*try again/s);
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.verdict').waitFor();
    expect(await page.locator('.problem').count()).to.equal(0);
  });

  it('a gateway without the page behind it is said in words', async () => {
    const page = await fixture.open();
    const { gateway } = fixture.served;
    const { frontend } = gateway;
    try {
      gateway.frontend = undefined;
      await ask(page);
      expect(await problem(page)).to.match(/No answer came.*status 502.*try again/s);
    } finally {
      gateway.frontend = frontend;
    }
  });

  it('a classifier that fails is said in words, with the call id', async () => {
    fixture.clip.reply = plainReply(500);
    const page = await fixture.open();
    await ask(page);
    const text = await problem(page);
    expect(text).to.match(/stopped before it could answer/);
    expect(text).to.match(/Call id [\w-]{36}/);
  });

  it('what is still loading is asked for again', async () => {
    fixture.clip.reply = (request, response) => {
      fixture.clip.reply = undefined;
      problemReply(503, 'not-ready', 'The head is still being loaded.')(request, response);
    };
    const page = await fixture.open();
    await ask(page);
    await page.locator('.verdict').waitFor();
    expect(fixture.clip.classifications).to.have.length(2);
  });

  it('a file that the service cannot read is said in words, once, with what to do', async () => {
    const detail =
      'Expected one of jpeg, png for `image` but received heic. Save the photo as JPEG, or choose "Most Compatible" in the camera.';
    fixture.clip.reply = problemReply(415, 'unsupported-image', detail);
    const page = await fixture.open();
    await ask(page);
    const text = await problem(page);
    expect(text).to.match(/no picture that can be read.*HEIC photo.*Save it as JPEG and send that/s);
    expect(text.match(/JPEG/g)).to.have.length(1);
    expect(text).not.to.contain('`');
    expect(await page.getByRole('button', { name: /again/ }).count()).to.equal(0);
  });

  it('a file that is empty, or too large however it is packed, is not sent', async () => {
    const page = await fixture.open();
    const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
    const choose = async (name: string, bytes: number): Promise<void> => {
      await writeFile(join(folder, name), Buffer.alloc(bytes, 'no picture'));
      await page.locator('#image').setInputFiles(join(folder, name));
    };
    await choose('nothing.jpg', 0);
    expect(await problem(page)).to.match(/The file is empty/);
    await page.getByRole('button', { name: 'Remove nothing.jpg' }).click();
    await choose('much.jpg', 12_000_000);
    expect(await problem(page)).to.match(/This file has 12\.0\sMB; up to 10\sMB can be sent/);
    expect(fixture.clip.classifications).to.have.length(0);
    await rm(folder, { recursive: true });
  });

  it('the words about a file without a preview have the whole card to themselves', async () => {
    fixture.clip.reply = problemReply(415, 'unsupported-image', 'Expected a picture but received text.');
    const page = await fixture.open();
    await page
      .locator('#image')
      .setInputFiles({ name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear reader') });
    await problem(page);
    const [card] = await boxesOf(page, '.card');
    const [text] = await boxesOf(page, '.card > .said');
    expect(text.width).to.be.greaterThan(0.9 * card.width);
  });

  it('a sample that cannot be loaded is said in words', async () => {
    const page = await fixture.open();
    await page.locator('.samples img').first().waitFor();
    await page.context().setOffline(true);
    await page.evaluate('caches.keys().then((keys) => Promise.all(keys.map((key) => caches.delete(key))))');
    await page.route('**/samples/**', (route) => route.abort());
    await page.getByRole('button', { name: 'castle' }).click();
    await page.getByText('The sample could not be loaded').waitFor();
  });

  it('without the list of heads the page still answers', async () => {
    fixture.clip.replyToRest = plainReply(503);
    const page = await fixture.open();
    await ask(page);
    await page.locator('.verdict').waitFor();
  });

  it('with a browser that keeps nothing the page still answers', async () => {
    const page = await fixture.open();
    await page.addInitScript(
      `Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } });`,
    );
    await page.reload();
    await ask(page);
    await page.locator('.verdict').waitFor();
  });
});
