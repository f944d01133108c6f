import { expect } from 'chai';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTrain } from '../../../scripts/train/run-train.ts';
import { ORANGE, pictures, TEAL, TOKEN, TrainerUnderTest, until } from '../../functions/trainer/harness.ts';

/** A gateway's own answer, in which no function had a hand. */
const bare = (status: number) => () => Promise.resolve(new Response(null, { status }));

describe('npm run train', () => {
  let own: TrainerUnderTest;
  let data: string;

  before(async () => {
    own = await TrainerUnderTest.start();
    data = join(own.directory, 'pictures');
    for (const [folder, colour] of [
      ['bright_orange', ORANGE],
      ['teal', TEAL],
    ] as const) {
      await mkdir(join(data, folder), { recursive: true });
      for (const [at, picture] of (await pictures(colour, 8)).entries())
        await writeFile(join(data, folder, `${at}.png`), picture);
    }
    await writeFile(join(data, 'teal', 'broken.jpg'), 'no picture');
    await writeFile(join(data, 'teal', 'notes.txt'), 'Buy milk.');
  });
  beforeEach(() => own.gateway.functions.set('trainer', { fetch: (request) => own.trainer.fetch(request) }));
  after(() => own.stop());

  async function train(
    head: string,
    { token = TOKEN, more = [] as string[], folder = data, signal = new AbortController().signal } = {},
  ) {
    const lines: string[] = [];
    const argv = ['--head', head, '--data', folder, '--gateway', own.gateway.url, ...more];
    const output = { write: (text: string) => lines.push(text) };
    const error = await runTrain(argv, {
      env: { TRAINER_TOKEN: token },
      output,
      signal,
      firstPauseMs: 1,
    }).then(
      () => '',
      (failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
    );
    return { text: lines.join(''), error };
  }

  it('sends a folder a label, trains, and shows before and after', async () => {
    const { text, error } = await train('colours', { more: ['--title', 'Two colours'] });
    expect(error).to.equal('');
    expect(text).to.match(/broken\.jpg: refused\. Expected one of jpeg/);
    expect(text).to.contain('16 pictures added, 0 there already, 1 refused.');
    expect(text).to.match(/^epoch {3}1 {2}training loss/m);
    expect(text).to.match(/^accuracy +– +100\.0 % +–$/m);
    const { labels } = (await (await own.fetch('/heads/colours/examples')).json()) as { labels: object };
    expect(labels).to.deep.equal({ 'bright orange': 8, teal: 8 });
    const { current } = (await (await own.fetch('/heads/colours')).json()) as { current: string };
    expect(text).to.contain(`colours ${current.slice(0, 15)} is live`);
  });

  it('goes on where it stopped: nothing is sent twice, and the head gets better from what it was', async () => {
    await rm(join(data, 'teal', 'broken.jpg'));
    await train('again');
    const { text } = await train('again', { more: ['--seed', '3'] });
    expect(text).to.contain('0 pictures added, 16 there already, 0 refused.');
    expect(text).to.match(/^accuracy +100\.0 % +100\.0 % +0\.0$/m);
  });

  it('waits for a gateway that fails for a moment', async () => {
    let failures = 2;
    own.gateway.functions.set('trainer', {
      fetch: (request) => {
        const isUpload = request.method === 'POST' && request.url.includes('/examples');
        return isUpload && failures-- > 0 ? bare(502)() : own.trainer.fetch(request);
      },
    });
    const { text, error } = await train('patient');
    expect(error).to.equal('');
    expect(text).to.contain('The trainer did not answer (status 502). Trying again in 1 s.');
    expect(text).to.contain('16 pictures added');
  });

  for (const [what, options, expected] of [
    ['a wrong token', { token: 'guess' }, "Expected this service's token"],
    ['no token', { token: '' }, 'TRAINER_TOKEN'],
    ['a folder that is not there', { folder: '/nowhere' }, 'Expected a folder of pictures'],
    ['a head that cannot be trained', { head: 'digits' }, 'digits cannot be trained'],
    ['an odd option', { head: 'odd', more: ['--seed', 'x'] }, 'Expected a whole number'],
  ] as const) {
    it(`says plainly what is wrong with ${what}`, async () => {
      const { head = 'wrong', ...rest } = options as { head?: string };
      const { error } = await train(head, rest);
      expect(error).to.contain(expected);
      expect(error).to.not.contain('\n    at ');
    });
  }

  it('says so where there is no trainer, and where nothing listens', async () => {
    own.gateway.functions.set('trainer', { fetch: bare(404) });
    expect((await train('absent')).error).to.contain('no function trainer behind this gateway');
    expect((await train('absent', { more: ['--gateway', 'http://127.0.0.1:1'] })).error).to.contain(
      'cannot be reached',
    );
  });

  it('says so when a training breaks off, and goes on by itself while more is to be embedded', async () => {
    let trainings = 0;
    let body = '';
    own.gateway.functions.set('trainer', {
      fetch: (request) => {
        if (!/\/train(\?|$)/.test(request.url) || (trainings += 1) > 1) return own.trainer.fetch(request);
        return Promise.resolve(new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }));
      },
    });
    expect((await train('breaking')).error).to.contain('broke off before its end');
    trainings = 0;
    body =
      'event: embedding\ndata: {"done":3,"total":16}\n\n' +
      'event: error\ndata: {"code":"conflict","detail":"More is to be embedded."}\n\n';
    const { text, error } = await train('breaking');
    expect(error).to.equal('');
    expect(text).to.contain('embedded anew, 3 of 16');
    expect(trainings).to.equal(2);
  });

  it('cancels the training when it is stopped', async () => {
    const controller = new AbortController();
    let isLeft = false;
    own.gateway.functions.set('trainer', {
      fetch: (request) => {
        if (!/\/train(\?|$)/.test(request.url)) return own.trainer.fetch(request);
        setTimeout(() => controller.abort(new Error('Stopped.')), 20);
        const pending = new ReadableStream({ cancel: () => void (isLeft = true) });
        return Promise.resolve(new Response(pending, { headers: { 'Content-Type': 'text/event-stream' } }));
      },
    });
    expect((await train('stopped', { signal: controller.signal })).error).to.equal('Stopped.');
    await until(() => Promise.resolve(isLeft));
  });
});
