import { expect } from 'chai';
import { plainReply, type Reply } from '../fake-clip.ts';
import { HTML, startFrontend, type StartedFrontend } from '../started-frontend.ts';
import { HOLD_OUT_JSON } from '../view/sample-hold-out.ts';

const HEAD = {
  id: 'mine',
  builtIn: false,
  stale: false,
  examples: 12,
  versions: [
    {
      version: `sha256:${'ab'.repeat(32)}`,
      live: true,
      createdAt: '2026-01-31T12:34:56Z',
      examples: 12,
      after: HOLD_OUT_JSON,
    },
  ],
};

/** A trainer of few words. */
function trainer(writes: boolean): Reply {
  return ({ url }, response) => {
    response.setHeader('Content-Type', 'application/json');
    if (url === '/status') response.end(JSON.stringify({ writes }));
    else if (url === '/heads') response.end(JSON.stringify({ heads: [{ id: 'mine', examples: 12 }] }));
    else if (url === '/heads/mine') response.end(JSON.stringify(HEAD));
    else response.writeHead(404).end('{}');
  };
}

describe('GET /train of frontend', () => {
  let started: StartedFrontend;
  beforeEach(async () => (started = await startFrontend()));
  afterEach(() => started.close());
  const page = async (path = '/train') => {
    const response = await started.get(path, HTML);
    expect(response.status).to.equal(200);
    return response.text();
  };

  it('stands in the navigation, and offers what can be trained', async () => {
    started.gateway.trainer = trainer(true);
    const markup = await page();
    expect(markup).to.match(/<a href="train"\s+aria-current="page"\s*>Train</);
    expect(markup).to.contain('<option value="cat-dog"').and.to.contain('<option value="mine"');
    expect(markup).to.contain('<noscript>').and.to.contain('are kept');
    expect(markup).to.not.contain('state-title');
  });

  it('shows the versions of a head without JavaScript', async () => {
    started.gateway.trainer = trainer(true);
    const markup = await page('/train?head=mine');
    expect(markup).to.match(/<option value="mine"\s+selected/);
    expect(markup).to.contain('abababab').and.to.contain('90.0');
    expect(await page('/train?head=unheard-of')).to.contain('has no examples');
  });

  it('shows figures but no bench where no token is set, and the command that sets one', async () => {
    started.gateway.trainer = trainer(false);
    const markup = await page('/train?head=mine');
    expect(markup).to.contain('Training is switched off').and.to.contain('npm run secrets');
    expect(markup).to.contain('abababab').and.to.not.contain('id="examples"');
  });

  for (const [what, reply, said] of [
    ['is not deployed', plainReply(404), 'Training is not installed here'],
    ['is away', plainReply(502), 'does not answer'],
    ['says something else', plainReply(200, '<html>'), 'does not answer'],
  ] as const) {
    it(`says so and how to change it where the trainer ${what}`, async () => {
      started.gateway.trainer = reply;
      const markup = await page();
      expect(markup).to.contain(said).and.to.contain('faas-cli up -f stack.trainer.yml');
      expect(markup).to.not.contain('train.js');
    });
  }

  it('refuses a head that is no name, and other methods', async () => {
    const odd = await started.get('/train?head=../x');
    expect(odd.status).to.equal(400);
    const response = await started.frontend.fetch(new Request('http://frontend/train', { method: 'POST' }));
    expect([response.status, response.headers.get('Allow')]).to.deep.equal([405, 'GET, HEAD']);
  });
});
