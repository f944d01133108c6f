import { expect } from 'chai';

import { plainReply } from '../fake-clip.ts';
import { HTML, startFrontend, type StartedFrontend } from '../started-frontend.ts';

describe('GET /status of frontend', () => {
  let started: StartedFrontend;

  beforeEach(async () => {
    started = await startFrontend();
  });

  afterEach(() => started.close());

  const page = async (path = '/status'): Promise<string> => (await started.get(path, HTML)).text();
  const isShown = (markup: string): boolean => /<div id="trouble"[^>]*class="card problem"\s*>/.test(markup);

  it('is a page with the figures in it, and a plain link to load it anew', async () => {
    const markup = await page();
    expect(markup).to.contain('clip-7d9f-1-0a1b2c3d').and.to.contain('Everyday things');
    expect(markup).to.match(/<a id="reload"[^>]*href="\.\/status"/);
    expect(markup).to.match(/<a href="status"\s+aria-current="page"\s*>Status</);
    expect(isShown(markup)).to.equal(false);
    expect(started.gateway.clip.asked.map(({ url }) => url).sort()).to.deep.equal(['/heads', '/status']);
  });

  it('passes its call id on', async () => {
    await started.get('/status', { 'X-Call-Id': 'abc-9' });
    expect(started.gateway.clip.asked.map(({ headers }) => headers['x-call-id'])).to.deep.equal([
      'abc-9',
      'abc-9',
    ]);
  });

  it('is asked of clip anew each time, and kept by nobody', async () => {
    await page();
    started.gateway.clip.status = { uptimeSeconds: 86_400 };
    const response = await started.get('/status', HTML);
    expect(await response.text()).to.contain('1\u202Fd');
    expect(response.headers.get('Cache-Control')).to.equal('no-store');
  });

  for (const [what, reply] of [
    ['is away', plainReply(502)],
    ['breaks off', plainReply(200)],
    ['says something else', plainReply(200, '{"hello":"there"}')],
  ] as const) {
    it(`comes up and says so when clip ${what}`, async () => {
      started.gateway.clip.replyToRest = reply;
      const response = await started.get('/status', HTML);
      expect(response.status).to.equal(200);
      const markup = await response.text();
      expect(isShown(markup)).to.equal(true);
      expect(markup).to.contain('does not answer').and.not.to.contain('class="tiles"');
    });
  }

  it('shows the rest when only the heads cannot be had', async () => {
    started.gateway.clip.replyToRest = (request, response) => {
      if (request.url === '/heads') response.writeHead(502).end();
      else response.end(JSON.stringify({ model: { id: 'mini-clip' } }));
    };
    const markup = await page();
    expect(markup).to.contain('class="tiles"').and.to.contain('could not be had');
  });
});
