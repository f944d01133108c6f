import { expect } from 'chai';
import { Hono } from 'hono';
import { AppError } from '../../../shared/core/errors.ts';
import { frameApp, type AnsweredRequest } from '../../../shared/http/frame-app.ts';

/** An app of two routes, the second of which fails as it is told to. */
function framed(failure: unknown = new Error('secret'), corsOrigins: readonly string[] = []) {
  const app = new Hono();
  const counted: AnsweredRequest[] = [];
  const logged: string[] = [];
  app.get('/heads/:head', (c) => c.text('here'));
  app.get('/page', (c) => c.text('here', 200, { Vary: 'Accept' }));
  app.post('/fail', () => {
    throw failure;
  });
  const nothing = (): void => undefined;
  const log = {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (_: object, text: string) => logged.push(text),
  };
  const fetch = frameApp(app, { log, corsOrigins, countRequest: (request) => counted.push(request) });
  const ask = (path: string, init: RequestInit = {}) => fetch(new Request(`http://h${path}`, init));
  return { ask, counted, logged };
}

describe('frameApp', () => {
  it('gives every answer the call id, and counts it by its route', async () => {
    const { ask, counted } = framed();
    const response = await ask('/heads/cat-dog', { headers: { 'X-Call-Id': 'abc-1' } });
    expect(await response.text()).to.equal('here');
    expect(response.headers.get('X-Call-Id')).to.equal('abc-1');
    expect(response.headers.get('X-Content-Type-Options')).to.equal('nosniff');
    expect(counted[0]).to.include({ route: '/heads/:head', method: 'GET', status: 200 });
    expect(counted[0]?.seconds).to.be.at.least(0);
  });

  it('makes a problem of an unknown path and of a wrong method, which is counted as no route of its own', async () => {
    const { ask, counted } = framed();
    const missing = await ask('/nowhere');
    expect(missing.status).to.equal(404);
    expect(missing.headers.get('Content-Type')).to.equal('application/problem+json');
    const wrong = await ask('/heads/x', { method: 'PUT' });
    expect([wrong.status, wrong.headers.get('Allow')]).to.deep.equal([405, 'GET, HEAD, OPTIONS']);
    expect(counted.map(({ route, method }) => `${method} ${route}`)).to.deep.equal([
      'other other',
      'other /heads/:head',
    ]);
  });

  it('answers OPTIONS with the methods, and another origin only where it may call', async () => {
    const init = { method: 'OPTIONS', headers: { Origin: 'https://a.example' } };
    const closed = await framed().ask('/fail', init);
    expect([closed.status, closed.headers.get('Allow')]).to.deep.equal([204, 'POST, OPTIONS']);
    expect(closed.headers.get('Access-Control-Allow-Origin')).to.equal(null);
    const open = await framed(undefined, ['https://a.example']).ask('/fail', init);
    expect(open.headers.get('Access-Control-Allow-Origin')).to.equal('https://a.example');
    expect(open.headers.get('Access-Control-Allow-Methods')).to.equal('POST, OPTIONS');
  });

  it('leaves beside the origin what an answer depends on already', async () => {
    const response = await framed(undefined, ['https://a.example']).ask('/page');
    expect(response.headers.get('Vary')).to.equal('Accept, Origin');
  });

  it('tells nothing of an unknown error but to the log, and all of a known one', async () => {
    const unknown = framed();
    const failed = await unknown.ask('/fail', { method: 'POST' });
    expect(failed.status).to.equal(500);
    expect(await failed.text()).to.not.contain('secret');
    expect(unknown.logged).to.deep.equal(['A request failed']);
    const known = framed(new AppError('busy', 'Come back.', { retryAfterSeconds: 3 }));
    const refused = await known.ask('/fail', { method: 'POST' });
    expect([refused.status, refused.headers.get('Retry-After')]).to.deep.equal([429, '3']);
    expect(known.logged).to.deep.equal([]);
  });
});
