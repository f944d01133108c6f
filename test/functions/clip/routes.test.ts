import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createApp } from '../../../functions/clip/app.ts';
import type { Services } from '../../../functions/clip/services.ts';
import * as ofServer from '../../../template/typescript/server/problem.ts';
import { expectProblem, picture, startClip, type ClipUnderTest } from './harness.ts';

describe('clip: the other routes', () => {
  let clip: ClipUnderTest;
  const jsonOf = async (path: string, init?: RequestInit) =>
    (await (await clip.fetch(path, init)).json()) as Record<string, unknown>;

  before(async () => {
    clip = await startClip({ cors_origins: 'https://a.example, https://b.example' });
  });
  after(() => clip.stop());

  describe('GET /heads', () => {
    it('lists what a page needs to choose by', async () => {
      const { heads, model } = await jsonOf('/heads');
      expect(model).to.have.property('id', 'tiny');
      expect(heads).to.have.length(2);
      const [first] = heads as Record<string, unknown>[];
      expect(first).to.include({ id: 'cifar100', title: 'Colours', kind: 'zero-shot', labelCount: 3 });
      expect(first?.version).to.match(/^sha256:/);
      expect(first?.costMs).to.be.a('number');
    });

    it('tells one head with its labels, and whether the model met them', async () => {
      const head = await jsonOf('/heads/cifar100');
      expect(head.labels).to.deep.equal([
        { label: 'red', seen: true },
        { label: 'green', seen: true },
        { label: 'blue', seen: false },
      ]);
    });

    it('serves the evaluation report of this bundle as it was written', async () => {
      const report = { head: 'cifar100', n: 3, top1: { value: 1, interval: [0.4, 1] } };
      await mkdir(join(clip.modelsDir, 'tiny', 'evaluations'));
      await writeFile(join(clip.modelsDir, 'tiny', 'evaluations', 'cifar100.json'), JSON.stringify(report));
      expect(await jsonOf('/heads/cifar100/evaluation')).to.deep.equal(report);
    });

    it('refuses an option that it does not know', async () => {
      const problem = await expectProblem(await clip.fetch('/heads?top=3'), 400);
      expect(problem.errors[0]?.field).to.equal('top');
    });

    for (const id of ['..%2F..%2Fcatalog', 'CIFAR100', '__proto__', 'cifar100%00']) {
      it(`has no head ${id}`, async () => {
        expect((await clip.fetch(`/heads/${id}`)).status).to.equal(404);
        expect((await clip.fetch(`/heads/${id}/evaluation`)).status).to.equal(404);
      });
    }
  });

  describe('GET /', () => {
    it('shows commands for the gateway that it was asked through, and the way to the page', async () => {
      const headers = { Accept: 'text/html', 'X-Forwarded-Host': 'gw.example', 'X-Forwarded-Proto': 'https' };
      const page = await (await clip.fetch('/', { headers })).text();
      expect(page).to.contain('curl --data-binary @photo.jpg https://gw.example/function/clip');
      expect(page).not.to.contain('127.0.0.1');
      expect(page.match(/<pre\b[^>]*>/g), 'each can be scrolled by keyboard').to.satisfy(
        (blocks: string[]) => blocks.length > 3 && blocks.every((block) => block.includes('tabindex="0"')),
      );
      expect(page).to.contain('href="/function/frontend/"').and.contain('10 MiB').and.contain('64,000,000');
    });

    it('is kept by no cache: what it shows goes by headers that anybody may write', async () => {
      for (const Accept of ['text/html', '*/*']) {
        const { headers } = await clip.fetch('/', { headers: { Accept } });
        expect(headers.get('Cache-Control')).to.equal('no-store');
      }
    });

    it('explains itself in JSON to programs', async () => {
      const guide = await jsonOf('/', { headers: { Accept: '*/*' } });
      expect(guide.limits).to.have.property('maxUploadBytes', 10 * 2 ** 20);
      expect(guide.options).to.have.all.keys('head', 'top', 'labels', 'template', 'model');
    });

    it('and on a page to people, without script', async () => {
      const response = await clip.fetch('/', { headers: { Accept: 'text/html' } });
      expect(response.headers.get('Content-Type')).to.equal('text/html; charset=utf-8');
      expect(response.headers.get('Vary')).to.contain('Accept');
      const page = await response.text();
      expect(page)
        .to.contain('curl --data-binary @photo.jpg')
        .and.not.to.match(/<script/i);
    });
  });

  describe('GET /status', () => {
    it('counts requests and pictures, and tells how long they took', async () => {
      const before = await jsonOf('/status');
      await clip.post(await picture({ r: 77, g: 7, b: 7 }));
      await clip.post('words');
      const after = await jsonOf('/status');
      const images = (status: Record<string, unknown>) => status.images as Record<string, number>;
      expect(images(after).miss).to.equal((images(before).miss ?? 0) + 1);
      expect(images(after).refused).to.equal((images(before).refused ?? 0) + 1);
      expect(images(after).failed).to.equal(images(before).failed);
      expect(after.latencyMs).to.have.all.keys('p50', 'p90', 'p99');
      expect(after.model).to.have.property('id', 'tiny');
      expect(after.ready).to.equal(true);
    });

    it('says who answers, of which build, and what memory it holds', async () => {
      const [first, second] = [await jsonOf('/status'), await jsonOf('/status')];
      expect(first.replica).to.be.a('string').and.contain(String(process.pid));
      expect(second.replica).to.equal(first.replica);
      const { version, build } = first.software as Record<string, string>;
      expect(version).to.match(/^\d+\.\d+\.\d+/);
      expect(build).to.match(/^sha256:[0-9a-f]{64}$/);
      const { residentBytes } = first.memory as Record<string, number>;
      expect(residentBytes).to.be.greaterThan(10_000_000);
    });
  });

  it('GET /metrics has figures for Prometheus under few, known labels', async () => {
    await clip.post(await picture('green'));
    await clip.fetch('/whatever-1');
    await clip.fetch('/heads/whatever-2');
    const response = await clip.fetch('/metrics');
    expect(response.headers.get('Content-Type')).to.match(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).to.match(/clip_requests_total\{route="\/",method="POST",status="200"\} [1-9]/);
    expect(text).to.contain('route="/heads/:head",method="GET",status="404"').and.to.contain('route="other"');
    expect(text).to.not.contain('whatever');
    for (const name of [
      'clip_stage_duration_seconds',
      'clip_batch_images',
      'clip_cache_bytes',
      'clip_ready 1',
      'nodejs_eventloop_lag_seconds',
    ]) {
      expect(text).to.contain(name);
    }
  });

  it('HEAD is GET without a body', async () => {
    for (const path of ['/', '/heads', '/status', '/ready']) {
      const response = await clip.fetch(path, { method: 'HEAD' });
      expect(response.status).to.equal(200);
      expect(await response.text()).to.equal('');
    }
    expect((await clip.fetch('/embed', { method: 'HEAD' })).status).to.equal(405);
  });

  describe('OPTIONS and other origins', () => {
    it('names the methods of a route', async () => {
      const response = await clip.fetch('/embed', { method: 'OPTIONS' });
      expect(response.status).to.equal(204);
      expect(response.headers.get('Allow')).to.equal('POST, OPTIONS');
      expect((await clip.fetch('/nowhere', { method: 'OPTIONS' })).status).to.equal(404);
    });

    it('lets in the origins that are listed, errors included', async () => {
      const headers = { Origin: 'https://b.example' };
      const preflight = await clip.fetch('/', { method: 'OPTIONS', headers });
      expect(preflight.headers.get('Access-Control-Allow-Origin')).to.equal('https://b.example');
      expect(preflight.headers.get('Access-Control-Allow-Methods')).to.contain('POST');
      const problem = await clip.post('words', '/', headers);
      expect(problem.headers.get('Access-Control-Allow-Origin')).to.equal('https://b.example');
      expect(problem.headers.get('Access-Control-Expose-Headers')).to.contain('X-Call-Id');
    });

    it('and no others', async () => {
      for (const origin of ['https://c.example', 'https://a.example.evil', 'null']) {
        const response = await clip.fetch('/', { method: 'OPTIONS', headers: { Origin: origin } });
        expect(response.headers.get('Access-Control-Allow-Origin')).to.equal(null);
      }
    });
  });

  it('describes every route that it serves, and no other', () => {
    const app = createApp({} as Services);
    const served = app.routes.map(
      ({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`,
    );
    const described = Object.entries(clip.contract.document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    expect(described).to.have.members(served);
  });

  it('describes what the server in front of it may answer on any route', () => {
    const statuses = Object.values(ofServer).flatMap((kind) => ('status' in kind ? [kind.status] : []));
    const withBody = [ofServer.SLOW_BODY.status, ofServer.tooLarge(1).status];
    for (const [path, operations] of Object.entries(clip.contract.document.paths)) {
      for (const [method, { responses }] of Object.entries(operations)) {
        const expected = [...statuses, ...withBody, 431].filter(
          (status) => method === 'post' || !withBody.includes(status),
        );
        expect(Object.keys(responses).map(Number), `${method} ${path}`).to.include.members(expected);
      }
    }
  });
});
