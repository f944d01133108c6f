import { expect } from 'chai';
import { addColours, describeTrainPage } from './train-fixture.ts';

describeTrainPage('the stream of a training on the page', (fixture) => {
  it('says so when a training breaks off, or is refused', async () => {
    const page = await fixture.openHead('breaking');
    await addColours(page, fixture.files);
    const train = page.getByRole('button', { name: 'Train', exact: true });
    const answer = (body: string, init: ResponseInit) =>
      fixture.useTrainer((request) =>
        request.url.endsWith('/train')
          ? Promise.resolve(new Response(body, init))
          : fixture.own.trainer.fetch(request),
      );
    answer('', { headers: { 'Content-Type': 'text/event-stream' } });
    await train.click();
    await page.getByText('The training broke off before its end').waitFor();
    answer(JSON.stringify({ code: 'conflict', title: 'Not now', detail: 'Another training is running.' }), {
      status: 409,
    });
    await train.click();
    await page.getByText('Another training is running.').waitFor();
  });

  it('takes a training for done once its version is live, though its stream goes on', async () => {
    const page = await fixture.openHead('lasting');
    await addColours(page, fixture.files);
    const done = `event: done\ndata: ${JSON.stringify({ version: `sha256:${'a'.repeat(64)}`, before: null })}\n\n`;
    const body = () => new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from(done)) });
    fixture.useTrainer((request) =>
      request.url.endsWith('/train')
        ? Promise.resolve(new Response(body(), { headers: { 'Content-Type': 'text/event-stream' } }))
        : fixture.own.trainer.fetch(request),
    );
    const train = page.getByRole('button', { name: 'Train', exact: true });
    await train.click();
    await page.locator('#result-title').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'hidden' });
    expect(await train.isEnabled()).to.equal(true);
    expect(await page.getByText('broke off').count()).to.equal(0);
  });

  it('gives a training up of which nothing is heard any more', async () => {
    const page = await fixture.openHead('silent');
    await addColours(page, fixture.files);
    fixture.useTrainer((request) =>
      request.url.endsWith('/train') ? new Promise(() => undefined) : fixture.own.trainer.fetch(request),
    );
    await page.clock.install();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByText('Beginning').waitFor();
    await page.clock.fastForward('02:00');
    await page.locator('[data-part="result"]').getByText('It took too long').waitFor();
    expect(await page.getByRole('button', { name: 'Train', exact: true }).isEnabled()).to.equal(true);
  });

  it('goes on by itself where a new model left more to embed than one request has time for', async () => {
    const page = await fixture.openHead('embedding');
    await addColours(page, fixture.files);
    const events = (...list: readonly (readonly [string, object])[]) =>
      list.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('');
    let calls = 0;
    fixture.useTrainer((request) => {
      if (!request.url.endsWith('/train') || (calls += 1) > 1) return fixture.own.trainer.fetch(request);
      const body = events(
        ['embedding', { done: 3, total: 16 }],
        ['error', { code: 'conflict', title: 'More', detail: 'More is to be embedded.' }],
      );
      return Promise.resolve(new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }));
    });
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.locator('#result-title').waitFor();
    expect(calls).to.equal(2);
  });
});
