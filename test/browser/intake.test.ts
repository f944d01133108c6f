import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';

import { CASTLE, describePage, DOGS, TRACTOR, transferFiles } from './page-fixture.ts';

describePage('pictures come in', (fixture) => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const verdict = (page: Page) => page.locator('.card .verdict').first().innerText();
  const sent = () => {
    const [asked] = fixture.clip.classifications;
    if (asked === undefined) throw new Error('Expected a picture to arrive at clip but none did.');
    return asked;
  };

  it('dropped anywhere on the page', async () => {
    const page = await fixture.open();
    await transferFiles(
      page,
      [CASTLE],
      `const at = document.querySelector('footer');
       const event = (name) => new DragEvent(name, { dataTransfer: transfer, bubbles: true, cancelable: true });
       at.dispatchEvent(event('dragover'));
       window.dragClass = document.body.className;
       window.isTaken = !at.dispatchEvent(event('drop'));`,
    );
    expect(await verdict(page)).to.match(/^wolf/);
    expect(await page.evaluate('window.dragClass')).to.contain('is-dragging');
    expect(await page.evaluate('window.isTaken'), 'the browser must not leave for the picture').to.equal(
      true,
    );
    expect(await page.evaluate('document.body.className')).not.to.contain('is-dragging');
  });

  it('pasted', async () => {
    const page = await fixture.open();
    await transferFiles(
      page,
      [TRACTOR],
      `document.body.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));`,
    );
    expect(await verdict(page)).to.match(/^wolf/);
  });

  it('as samples, which go the same way', async () => {
    const page = await fixture.open();
    await page.getByRole('button', { name: 'two dogs' }).click();
    expect(await verdict(page)).to.match(/^wolf/);
    expect(page.url()).to.equal(fixture.served.url);
  });

  it('by keyboard alone, and the answer is announced', async () => {
    const page = await fixture.open();
    const chooser = page.waitForEvent('filechooser');
    const focused = () =>
      page.evaluate<string>('document.activeElement.id || document.activeElement.className');
    await page.keyboard.press('Tab');
    expect(await focused()).to.equal('skip');
    for (let presses = 0; presses < 10 && (await focused()) !== 'image'; presses += 1)
      await page.keyboard.press('Tab');
    expect(await focused()).to.equal('image');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(CASTLE);
    expect(await verdict(page)).to.match(/^wolf/);
    await page.locator('#announcer', { hasText: 'castle.jpg: wolf, 81.2 %.' }).waitFor({ state: 'attached' });
    // On to the heads, and to another one by an arrow key: the picture is asked again.
    for (let presses = 0; presses < 30; presses += 1) {
      if ((await page.evaluate('document.activeElement.name')) === 'head') break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.locator('.card strong', { hasText: 'dog' }).waitFor();
  });

  it('several at once: two under way, each with a status of its own', async () => {
    const page = await fixture.open();
    const waiting: (() => void)[] = [];
    fixture.clip.reply = (request, response) => {
      waiting.push(() => {
        fixture.clip.reply = undefined;
        fixture.clip.asked.pop();
        fixture.clip.answer(request, response);
      });
    };
    await page.locator('#image').setInputFiles([CASTLE, TRACTOR, DOGS]);
    await page.locator('.card .note', { hasText: 'Looking at it' }).nth(1).waitFor();
    expect(await page.locator('.card').count()).to.equal(3);
    expect(await page.locator('.card .note', { hasText: 'Waiting for its turn' }).count()).to.equal(1);
    expect(waiting).to.have.length(2);
    for (const answer of waiting) answer();
    await page.locator('.card .verdict').nth(2).waitFor();
    expect(await page.locator('.card h2').allInnerTexts()).to.deep.equal([
      'castle.jpg',
      'tractor.jpg',
      'two-dogs.jpg',
    ]);
  });

  it('shrunk where they are over two megapixels, upright, and it says so', async () => {
    const file = join(folder, 'large.jpg');
    const noise = { create: { width: 2400, height: 1600, channels: 3, background: '#888' } } as const;
    await sharp({ ...noise, create: { ...noise.create, noise: { type: 'gaussian', mean: 128, sigma: 40 } } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(file);
    const page = await fixture.open();
    await page.locator('#image').setInputFiles(file);
    expect(await verdict(page)).to.match(/^wolf/);
    expect(await page.locator('.card').innerText()).to.match(
      /1600 × 2400, .*Shrunk to .* before it was sent/,
    );
    const { width, height, format } = await sharp(sent().body).metadata();
    expect(format).to.equal('jpeg');
    expect(height, 'upright').to.be.greaterThan(width);
    expect(width * height).to.be.within(1_900_000, 2_010_000);
  });

  it('to the byte where they are small', async () => {
    const page = await fixture.open();
    await page.locator('#image').setInputFiles(CASTLE);
    await verdict(page);
    expect(sent().body.equals(await readFile(CASTLE))).to.equal(true);
    expect(await page.locator('.card').innerText()).not.to.contain('before it was sent');
  });

  it('converted where only the browser can read them', async () => {
    const png = await sharp({ create: { width: 48, height: 32, channels: 4, background: '#f00' } })
      .png()
      .toBuffer();
    const file = join(folder, 'icon.ico');
    await writeFile(file, Buffer.concat([icoHeader(48, 32, png.length), png]));
    const page = await fixture.open();
    await page.locator('#image').setInputFiles(file);
    expect(await verdict(page)).to.match(/^wolf/);
    expect(await page.locator('.card').innerText()).to.match(/Converted to JPEG, .* before it was sent/);
    expect((await sharp(sent().body).metadata()).format).to.equal('jpeg');
  });

  it('as they are where the browser cannot read them: the service says what it makes of them', async () => {
    const file = join(folder, 'note.jpg');
    await writeFile(file, 'not a picture at all');
    const page = await fixture.open();
    await page.locator('#image').setInputFiles(file);
    await verdict(page);
    expect(sent().body.toString()).to.equal('not a picture at all');
  });
});

/** An icon file with one picture in it. */
function icoHeader(width: number, height: number, bytes: number): Buffer {
  const header = Buffer.alloc(22);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(1, 4);
  header.set([width, height], 6);
  header.writeUInt16LE(1, 10);
  header.writeUInt16LE(32, 12);
  header.writeUInt32LE(bytes, 14);
  header.writeUInt32LE(22, 18);
  return header;
}
