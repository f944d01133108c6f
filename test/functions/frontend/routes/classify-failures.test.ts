import { expect } from 'chai';

import { plainReply, problemReply } from '../fake-clip.ts';
import { HTML, PICTURE, startFrontend, type StartedFrontend } from '../started-frontend.ts';

type Problem = Record<string, unknown>;

const problemOf = async (response: Response): Promise<Problem> => (await response.json()) as Problem;

describe('POST /classify, when clip fails', () => {
  let started: StartedFrontend;

  beforeEach(async () => {
    started = await startFrontend();
  });

  afterEach(() => started.close());

  const rows: [string, Parameters<typeof plainReply>, number, RegExp][] = [
    ['502 empty', [502], 502, /could not reach the classifier/],
    ['503 text', [503, 'no endpoints'], 502, /No instance of the classifier/],
    ['500 text', [500, "Can't reach service"], 502, /stopped before it could answer/],
    ['500 empty', [500], 502, /stopped before it could answer/],
    ['504 empty', [504], 504, /ran out of time/],
    ['200 empty', [200], 502, /broke off/],
    ['200 of something else', [200, 'hello'], 502, /gateway_url/],
  ];
  for (const [name, reply, status, message] of rows) {
    it(`${name}: a page and a problem that say what happened`, async () => {
      started.gateway.clip.reply = plainReply(...reply);
      const problem = await started.post([['image', PICTURE]]);
      expect(problem.status).to.equal(status);
      expect((await problemOf(problem)).detail).to.match(message);
      const page = await started.post([['image', PICTURE]], { ...HTML, 'X-Call-Id': 'call-9' });
      expect(page.status).to.equal(status);
      expect(await page.text())
        .to.match(message)
        .and.to.contain('call-9')
        .and.to.contain('href="./"');
    });
  }

  it("passes clip's own problems on", async () => {
    started.gateway.clip.reply = problemReply(415, 'unsupported-image', 'This is HEIC. Save it as JPEG.');
    const response = await started.post([['image', PICTURE]]);
    expect(response.status).to.equal(415);
    expect(await problemOf(response)).to.include({ detail: 'This is HEIC. Save it as JPEG.' });
  });

  it('keeps what it knows for the log', async () => {
    started.gateway.clip.reply = plainReply(500, "Can't reach service for: clip");
    await started.post([['image', PICTURE]], { 'X-Call-Id': 'call-11' });
    const line = started.log.lines.find(({ level }) => level === 'warn');
    expect(JSON.stringify(line)).to.contain('call-11').and.to.contain("Can't reach service for: clip");
  });

  it('answers an unknown answer with words instead of an empty page', async () => {
    started.gateway.clip.reply = plainReply(200, '{"unexpected":true}');
    const response = await started.post([['image', PICTURE]], HTML);
    expect(response.status).to.equal(502);
    expect(await response.text()).to.contain('this page does not know');
  });

  it('gives up in time', async () => {
    const hasty = await startFrontend({ clip_timeout: '150ms' });
    hasty.gateway.clip.reply = () => undefined;
    const response = await hasty.post([['image', PICTURE]]);
    expect(response.status).to.equal(504);
    await hasty.close();
  });
});

describe('POST /classify from someone who leaves', () => {
  it('gives the call to clip up, and holds nothing any longer', async () => {
    const started = await startFrontend({ max_upload_bytes: '2000', max_bytes_in_flight: '2000' });
    const leave = new AbortController();
    let isClosed: Promise<void> | undefined;
    started.gateway.clip.reply = (_request, response) => {
      isClosed = new Promise((resolve) => response.once('close', resolve));
      leave.abort();
    };
    const body = new FormData();
    body.append('image', new Blob([new Uint8Array(1_500)]), 'photo.png');
    const request = new Request('http://frontend/classify', { method: 'POST', body, signal: leave.signal });
    const response = await started.frontend.fetch(request);
    expect(response.status).to.equal(502);
    expect(((await response.json()) as Problem).detail).to.match(/given up by its sender/);
    await isClosed;
    started.gateway.clip.reply = undefined;
    expect((await started.post([['image', new Blob([new Uint8Array(1_500)])]])).status).to.equal(200);
    await started.close();
  });
});
