import { expect } from 'chai';

import { createFunction } from '../../../functions/frontend/handler.ts';
import { plainReply } from './fake-clip.ts';
import { HTML, startFrontend, type StartedFrontend } from './started-frontend.ts';

describe('frontend', () => {
  let started: StartedFrontend;

  beforeEach(async () => {
    started = await startFrontend();
  });

  afterEach(() => started.close());

  it('is ready at once: it has nothing to load', () => {
    expect(started.frontend.ready()).to.equal(true);
  });

  it('stops before the start where a setting is malformed', async () => {
    let message = '';
    await createFunction({ clip_timeout: 'soon' }, started.log).catch(
      (error: unknown) => (message = String(error)),
    );
    expect(message).to.contain('clip_timeout');
  });

  describe('GET /', () => {
    it('is a page whose links hang on the public path', async () => {
      const response = await started.get('/');
      const page = await response.text();
      expect(response.status).to.equal(200);
      expect(response.headers.get('Content-Type')).to.equal('text/html; charset=utf-8');
      expect(response.headers.get('Cache-Control')).to.equal('no-cache');
      expect(page).to.contain('<base href="/function/frontend/"');
      expect(
        [...page.matchAll(/(?:href|src|action)="(\/|https?:)[^"]*"/g)].map(([link]) => link),
      ).to.deep.equal(['href="/function/frontend/"']);
    });

    it('follows another public path', async () => {
      const other = await startFrontend({ public_path: '/apps/what' });
      expect(await (await other.get('/')).text()).to.contain('<base href="/apps/what/"');
      await other.close();
    });

    it('has a form that needs no script: heads, words, template, number of answers', async () => {
      const page = await (await started.get('/')).text();
      expect(page).to.match(
        /<form[^>]*method="post"[^>]*action="classify#results"[^>]*enctype="multipart\/form-data"/,
      );
      for (const name of ['image', 'head', 'labels', 'template', 'top']) {
        expect(page, name).to.match(new RegExp(`<(?:input|select|textarea)[^>]*name="${name}"`));
      }
      expect(page).to.contain('value="dog-breeds"').and.to.contain('120 labels');
    });

    it('shows the question that its address brings', async () => {
      const page = await (
        await started.get('/?labels=a%20cat,%3Cb%3E&template=a+drawing+of+a+%7B%7D&top=7')
      ).text();
      expect(page).to.match(/<textarea[^>]*>\s*a cat\n&lt;b&gt;</);
      expect(page).to.contain('value="a drawing of a {}"');
      expect(page).to.match(/value="labels"\s+checked/);
      expect(page).to.match(/<option\s+selected[^>]*>7</);
    });

    it('says what of a link it cannot ask, and asks for the usual number of answers then', async () => {
      const text = await (await started.get('/?head=a&head=b&top=99999', HTML)).text();
      expect(text).to.contain('Not all of this link can be asked here. It names several lists');
      expect(text)
        .to.match(/<option\s+selected[^>]*>5</)
        .and.not.to.contain('<option>99999');
      expect(await (await started.get('/?head=cat-dog&top=7', HTML)).text())
        .to.match(/<option\s+selected[^>]*>7</)
        .and.not.to.contain('Not all of this link');
    });

    it('says what happens to pictures, and how to turn it off', async () => {
      const page = (await (await started.get('/')).text()).replace(/\s+/g, ' ');
      expect(page).to.contain('<strong>not kept</strong>').and.to.contain('cache_bytes=0');
      expect(page).to.contain('until newer ones push them out or it restarts');
    });

    it('comes up while clip is away, with the head that every set has', async () => {
      started.gateway.clip.replyToRest = plainReply(502);
      const response = await started.get('/');
      expect(response.status).to.equal(200);
      expect(await response.text()).to.contain('value="cifar100"');
      expect(started.log.lines.map(({ level }) => level)).to.include('warn');
    });

    it('offers a model only where there is a choice, without script too', async () => {
      expect(await (await started.get('/')).text()).not.to.contain('name="model"');
      const other = await startFrontend();
      other.gateway.clip.models = ['mini-clip', 'large'];
      const page = await (await other.get('/?model=large')).text();
      await other.close();
      expect(page).to.match(/<select id="model" name="model" form="ask"/);
      expect(page).to.match(/<option value="large"\s+selected/);
    });

    it('asks for heads and models once, not for every page', async () => {
      await Promise.all([started.get('/'), started.get('/')]);
      await started.get('/');
      expect(started.gateway.clip.asked.map(({ url }) => url).sort()).to.deep.equal(['/heads', '/status']);
    });
  });

  describe('every response', () => {
    const paths = ['/', '/status', '/nowhere', '/assets/page.css', '/assets/nothing.css', '/classify'];
    for (const path of paths) {
      it(`${path} carries the security headers and a call id, and no cookie`, async () => {
        const { headers } = await started.get(path, { 'X-Call-Id': 'abc-1' });
        const policy = headers.get('Content-Security-Policy') ?? '';
        for (const rule of [
          "default-src 'none'",
          "base-uri 'self'",
          "frame-ancestors 'none'",
          "form-action 'self'",
        ]) {
          expect(policy).to.contain(rule);
        }
        expect(policy).to.contain("script-src 'self';").and.to.contain("style-src 'self';");
        expect(policy).to.contain("img-src 'self' blob: data:").and.not.to.contain('unsafe');
        expect(headers.get('X-Content-Type-Options')).to.equal('nosniff');
        expect(headers.get('X-Call-Id')).to.equal('abc-1');
        expect(headers.get('Set-Cookie')).to.equal(null);
      });
    }

    it('makes a call id where there is none', async () => {
      expect((await started.get('/')).headers.get('X-Call-Id')).to.match(/^[\w.:-]{8,128}$/);
    });

    it('has no script, style or handler of its own in the markup', async () => {
      for (const path of ['/', '/nowhere']) {
        const page = await (await started.get(path, HTML)).text();
        expect(page).not.to.match(/<style|style="|\son[a-z]+="|<script(?![^>]*\ssrc=)/);
      }
    });
  });

  describe('errors', () => {
    it('are problems for programs', async () => {
      const response = await started.get('/nowhere');
      expect(response.status).to.equal(404);
      expect(response.headers.get('Content-Type')).to.equal('application/problem+json');
      expect(await response.json()).to.include({ code: 'not-found', status: 404 });
    });

    it('are pages for people, with what to do, the call id and a way back', async () => {
      const response = await started.get('/<b>', { ...HTML, 'X-Call-Id': 'abc-2' });
      const page = await response.text();
      expect(response.status).to.equal(404);
      expect(page).to.contain('There is no such page').and.to.contain('abc-2').and.to.contain('href="./"');
      expect(page).not.to.contain('<b>"');
    });

    it('have links that stay on this host, whatever was asked for', async () => {
      for (const path of ['/javascript:alert(1)', '//evil.example/x', '/a"b']) {
        const page = await (await started.get(path, HTML)).text();
        expect(/<a class="skip" href="([^"]*)"/.exec(page)?.[1], path).to.match(/^\.\//);
      }
    });

    for (const [method, path, allow] of [
      ['POST', '/', 'GET, HEAD'],
      ['DELETE', '/', 'GET, HEAD'],
      ['POST', '/status', 'GET, HEAD'],
      ['GET', '/classify', 'POST'],
      ['PUT', '/classify', 'POST'],
      ['OPTIONS', '/assets/page.css', 'GET, HEAD'],
    ] as const) {
      it(`${method} ${path} is a 405 that allows ${allow}`, async () => {
        const response = await started.frontend.fetch(new Request(`http://frontend${path}`, { method }));
        expect(response.status).to.equal(405);
        expect(response.headers.get('Allow')).to.equal(allow);
        expect(await response.json()).to.include({ code: 'method-not-allowed' });
      });
    }
  });

  describe('HEAD', () => {
    for (const path of ['/', '/assets/page.css']) {
      it(`${path} is GET without the body`, async () => {
        const request = new Request(`http://frontend${path}`, { method: 'HEAD' });
        const response = await started.frontend.fetch(request);
        expect(response.status).to.equal(200);
        expect(response.headers.get('Content-Type')).to.match(/^text\//);
        expect(await response.text()).to.equal('');
      });
    }
  });

  describe('files', () => {
    const link = async (): Promise<string> =>
      `/${/href="(assets\/page\.css\?v=\w+)"/.exec(await (await started.get('/')).text())?.[1] ?? ''}`;

    it('asked for by fingerprint may be kept for ever', async () => {
      const { headers, status } = await started.get(await link());
      expect(status).to.equal(200);
      expect(headers.get('Cache-Control')).to.equal('public, max-age=31536000, immutable');
    });

    it('asked for without it, or by an old one, are asked for again', async () => {
      for (const path of ['/assets/page.css', '/assets/page.css?v=0000']) {
        expect((await started.get(path)).headers.get('Cache-Control')).to.equal('no-cache');
      }
    });

    it('that did not change are a 304 without a body', async () => {
      const etag = (await started.get('/assets/page.css')).headers.get('ETag') ?? '';
      expect(etag).to.match(/^"[0-9a-f]{16}"$/);
      for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const response = await started.get('/assets/page.css', { 'If-None-Match': header });
        expect(response.status, header).to.equal(304);
        expect(await response.text()).to.equal('');
      }
      expect((await started.get('/assets/page.css', { 'If-None-Match': '"other"' })).status).to.equal(200);
    });

    for (const path of [
      '/assets/',
      '/assets/%2e%2e/handler.ts',
      '/assets/..%2fhandler.ts',
      '/assets/samples',
    ]) {
      it(`${path} is no file`, async () => {
        expect((await started.get(path)).status).to.equal(404);
      });
    }
  });
});
