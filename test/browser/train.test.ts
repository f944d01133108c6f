import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { TOKEN } from '../functions/trainer/harness.ts';
import { accessibilityFaults, overhang } from './page-fixture.ts';
import { addColours, addLabel, binOf, describeTrainPage } from './train-fixture.ts';

describeTrainPage('the page that trains heads', (fixture) => {
  it('teaches a new head from its name to its live version, which can be asked at once', async () => {
    const page = await fixture.open();
    await page.getByText('How it goes').waitFor();
    await page.locator('#name').fill('Two Colours');
    await page.getByRole('button', { name: 'Use this name' }).click();
    expect(await page.locator('#name-fault').innerText()).to.contain('such as three-dogs');
    await page.locator('#name').fill('two-colours');
    await page.locator('#title').fill('Two colours');
    await page.getByRole('button', { name: 'Use this name' }).click();
    expect(page.url()).to.match(/train\?head=two-colours$/);
    await page.locator('#token').fill('guess');
    await page.getByRole('button', { name: 'Use this token' }).click();
    await page.locator('#access [role="alert"]').getByText('not the token').waitFor();
    await page.locator('#token').fill(TOKEN);
    await page.getByRole('button', { name: 'Use this token' }).click();
    await page.locator('#consent').check();
    const train = page.getByRole('button', { name: 'Train', exact: true });
    expect(await train.isDisabled()).to.equal(true);
    await addColours(page, fixture.files);
    expect(await page.locator('.thumbnails img[src^="blob:"]').count()).to.be.greaterThan(8);
    await train.click();
    await page.locator('#result-title').waitFor();
    expect(await page.locator('.chart .note').innerText()).to.match(/^After \d+ epochs: training loss from/);
    expect(await page.locator('[data-part="result"]').innerText()).to.match(/Accuracy.*100\.0/s);
    expect(await page.locator('#versions .live').count()).to.equal(1);
    const { current } = (await (await fixture.own.fetch('/heads/two-colours')).json()) as { current: string };
    await fixture.servesVersion('two-colours', current);
    await page.getByRole('link', { name: 'Ask it about a picture' }).click();
    await page.locator('#image').setInputFiles(fixture.files.teal[0] ?? '');
    await page.locator('.verdict').getByText('teal').waitFor();
  });

  it('shows before and after, and goes back to version 0 of a built-in head', async () => {
    const page = await fixture.openHead('warm');
    await addColours(page, fixture.files);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.locator('#result-title').waitFor();
    const accuracy = page.locator('[data-part="result"] tr', { hasText: 'Accuracy' });
    expect(await accuracy.innerText()).to.match(/\d+\.\d\s%\s+100\.0\s%\s+\+?\d/);
    await page.getByText('What was taken for what').click();
    expect(await page.locator('.confusion').count()).to.equal(2);
    const zero = page.locator('#versions tr', { hasText: 'built in' });
    await zero.getByRole('button', { name: 'Make version 0 live' }).click();
    await zero.locator('.live').waitFor();
    expect(await (await fixture.own.fetch('/heads/warm')).json()).to.include({ current: '0' });
  });

  it('keeps the token in this tab alone, and forgets it when told', async () => {
    const page = await fixture.openHead('token-test');
    expect(page.url()).to.not.contain(TOKEN);
    const kept = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, document.cookie])');
    expect(kept).to.not.contain(TOKEN);
    await page.reload();
    await page.locator('#label').waitFor();
    await page.getByRole('button', { name: 'Forget it' }).click();
    await page.locator('#token').waitFor();
    expect(await page.evaluate('sessionStorage.getItem("clip-trainer-token")')).to.equal(null);
    expect(await page.locator('#examples').isVisible()).to.equal(false);
  });

  const drop = (page: Page, selector: string, names: readonly string[]) =>
    page.evaluate(
      `const dataTransfer = new DataTransfer();
       for (const name of ${JSON.stringify(names)}) dataTransfer.items.add(new File(['?'], name));
       const event = new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer });
       document.querySelector('${selector}').dispatchEvent(event);`,
    );

  it('says for all to see why nothing comes of what was dropped', async () => {
    const page = await fixture.open();
    await drop(page, 'main', ['a.png']);
    await page.locator('#train-trouble').getByText('Choose a head and give the token first').waitFor();
    await page.locator('#name').fill('drops');
    await page.locator('#name').press('Enter');
    await page.locator('#token').fill(TOKEN);
    await page.locator('#token').press('Enter');
    await addLabel(page, 'orange');
    await drop(page, 'main', ['a.png']);
    await page.locator('#train-trouble').getByText('need a label').waitFor();
    await drop(page, 'main', ['a.txt']);
    await page.locator('#train-trouble').getByText('no picture').waitFor();
    await drop(page, '.bin', ['a.txt', 'b.txt', 'c.png']);
    await binOf(page, 'orange').getByText('2 files are no pictures and left out.').waitFor();
    expect(await binOf(page, 'orange').locator('.files li').count()).to.equal(1);
    await binOf(page, 'orange')
      .locator('[data-part="files"]')
      .setInputFiles(fixture.files.orange.slice(0, 1));
    await binOf(page, 'orange').getByText('left out').waitFor({ state: 'hidden' });
    expect((await fixture.own.fetch('/heads/drops')).status).to.equal(404);
  });

  it('leaves what was refused to be read while others were on their way, until the next ones go', async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    fixture.useTrainer(async (request) => {
      if (request.method === 'POST') await held;
      return fixture.own.trainer.fetch(request);
    });
    const page = await fixture.openHead('refusing');
    await addLabel(page, 'orange');
    const bin = binOf(page, 'orange');
    await bin.locator('[data-part="files"]').setInputFiles(fixture.files.orange.slice(0, 3));
    await drop(page, 'main', ['a.png']);
    const trouble = page.locator('#train-trouble');
    await trouble.getByText('need a label').waitFor();
    goOn();
    await bin.getByText('3 pictures').first().waitFor();
    expect(await trouble.isVisible()).to.equal(true);
    await bin.locator('[data-part="files"]').setInputFiles(fixture.files.orange.slice(3));
    await bin.getByText('8 pictures').first().waitFor();
    expect(await trouble.isVisible()).to.equal(false);
  });

  it('sends nothing before somebody said that it may be kept', async () => {
    const page = await fixture.openHead('consent-test');
    await page.locator('#consent').uncheck();
    await addLabel(page, 'orange');
    await binOf(page, 'orange')
      .locator('[data-part="files"]')
      .setInputFiles([...fixture.files.orange]);
    await binOf(page, 'orange').getByText('tick the box').first().waitFor();
    expect(await page.evaluate('document.activeElement.id')).to.equal('consent');
    await page.locator('#consent').check();
    await binOf(page, 'orange').getByRole('button', { name: 'Send 8 again' }).click();
    await binOf(page, 'orange').getByText('8 pictures').first().waitFor();
  });

  it('says of each file what became of it, and goes on after a failure', async () => {
    let failures = 1;
    fixture.useTrainer((request) => {
      const isUpload = request.method === 'POST' && request.url.includes('/examples');
      if (isUpload && failures-- > 0) return Promise.resolve(new Response(null, { status: 502 }));
      return fixture.own.trainer.fetch(request);
    });
    const page = await fixture.openHead('failing');
    await addLabel(page, 'orange');
    const bin = binOf(page, 'orange');
    const text = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Buy milk.') };
    await bin.locator('[data-part="files"]').setInputFiles([...fixture.files.orange]);
    await bin.getByText('8 of 8 done: 8 added').waitFor();
    await bin.locator('[data-part="files"]').setInputFiles([text]);
    await bin.getByText('1 refused').waitFor();
    expect(await bin.locator('.files .failed').innerText()).to.match(
      /notes\.txt.*refused: The file is none of JPEG/s,
    );
    await bin.locator('[data-part="files"]').setInputFiles([...fixture.files.orange]);
    await bin.getByText('8 of 8 done: 8 there already').waitFor();
  });

  it('removes a picture, a label, and the whole head', async () => {
    const page = await fixture.openHead('removing');
    page.on('dialog', (dialog) => void dialog.accept());
    await addColours(page, fixture.files);
    await binOf(page, 'orange')
      .getByRole('button', { name: /^Remove picture/ })
      .first()
      .click({ force: true });
    await binOf(page, 'orange').getByText('7 pictures').first().waitFor();
    await binOf(page, 'teal')
      .getByRole('button', { name: /^Remove this label/ })
      .click();
    await binOf(page, 'teal').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Delete this head' }).click();
    await page.getByText('This head is new').waitFor();
    expect((await fixture.own.fetch('/heads/removing')).status).to.equal(404);
  });

  it('can be cancelled, which leaves everything as it was', async () => {
    const page = await fixture.openHead('cancelling');
    await addColours(page, fixture.files);
    let leave: () => void = () => undefined;
    fixture.useTrainer((request) => {
      if (!request.url.endsWith('/train')) return fixture.own.trainer.fetch(request);
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode('event: start\ndata: {}\n\n')),
        cancel: () => leave(),
      });
      return Promise.resolve(new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }));
    });
    const left = new Promise<void>((resolve) => (leave = resolve));
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByText('Learning from').waitFor();
    await page.locator('#training').getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. Everything is as it was before.').waitFor();
    await left;
  });

  it('is worked by keyboard alone', async () => {
    const page = await fixture.openHead('keyboard');
    for (const label of ['orange', 'teal'] as const) {
      // Long before it opens: the browser is told aside, and a key that is pressed at once may overtake that.
      const chooser = page.waitForEvent('filechooser');
      await page.locator('#label').focus();
      await page.keyboard.type(label);
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.dataset.part')).to.equal('files');
      await page.keyboard.press('Space');
      await (await chooser).setFiles([...fixture.files[label]]);
      await binOf(page, label).getByText('8 pictures').first().waitFor();
    }
    await page.locator('#augment').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).to.equal('Train');
    await page.keyboard.press('Enter');
    await page.locator('#result-title').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).to.equal('Train');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no fault that axe knows in the ${colorScheme} scheme, at first and with all there is to show`, async () => {
      const first = await fixture.open('train', { colorScheme });
      await first.getByText('How it goes').waitFor();
      expect(await accessibilityFaults(first)).to.deep.equal([]);
      const page = await fixture.openHead(`axe-${colorScheme}`, { colorScheme });
      await addColours(page, fixture.files);
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await page.locator('#result-title').waitFor();
      for (const summary of await page.locator('main summary').all()) await summary.click();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
    });
  }

  it('leaves a version its line on a phone, beside the button that makes it live', async () => {
    const page = await fixture.openHead('warm', { viewport: { width: 390, height: 844 }, hasTouch: true });
    await addColours(page, fixture.files);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.locator('#versions [data-action="roll-back"]').first().waitFor();
    const lines = await page.evaluate<number[]>(
      '[...document.querySelectorAll("#versions th code")].map((name) => name.getClientRects().length)',
    );
    expect(new Set(lines)).to.deep.equal(new Set([1]));
    expect(await overhang(page)).to.equal(0);
  });

  it('fits a phone of 360 pixels', async () => {
    const page = await fixture.openHead('phone', { viewport: { width: 360, height: 740 }, hasTouch: true });
    await addColours(page, fixture.files);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.locator('#result-title').waitFor();
    for (const summary of await page.locator('[data-part="result"] summary').all()) await summary.click();
    expect(await overhang(page)).to.equal(0);
  });

  it('without JavaScript shows versions and says what does not work', async () => {
    const page = await fixture.open('train?head=warm', { javaScriptEnabled: false });
    await page.locator('#script-title').waitFor();
    expect(await page.locator('#versions').innerText()).to.contain('built in');
    expect(await page.locator('#examples').isVisible()).to.equal(false);
    await page.locator('#head').selectOption('');
    await page.getByRole('button', { name: 'Show its versions' }).click();
    expect(await page.locator('#versions').innerText()).to.contain('Choose a head');
  });
});
