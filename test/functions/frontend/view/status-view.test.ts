import { expect } from 'chai';

import { readStatus } from '../../../../functions/frontend/view/clip-status.ts';
import type { ServedHead } from '../../../../functions/frontend/view/served-head.ts';
import { statusView, type StatusReport } from '../../../../functions/frontend/view/status-view.ts';

const HEAD: ServedHead = {
  id: 'cifar100',
  title: 'Everyday <things>',
  kind: 'linear',
  labelCount: 1_000,
  accuracy: 0.651,
  costMs: 0.02,
  version: 'sha256:0123456789abcdef',
  isStale: false,
};

/** What a person reads, on one line. */
function textOf(status: object, heads?: StatusReport['heads']): string {
  return markupOf(status, heads)
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('\u202F', ' ')
    .replaceAll('&lt;', '<')
    .replace(/\s+/g, ' ');
}

function markupOf(status: object, heads?: StatusReport['heads']): string {
  const read = readStatus({ model: { id: 'mini-clip', revision: 'sha256:fedcba9876543210' }, ...status });
  if (read === undefined) throw new Error('Expected a status but received none.');
  return statusView({ status: read, heads, trainer: { state: 'absent', status: undefined } }).markup;
}

describe('statusView', () => {
  it('adds up pictures, and tells how each came by its answer', () => {
    const text = textOf({ images: { hit: 200, miss: 1_000, shared: 3, failed: 5 } });
    expect(text).to.contain('Pictures answered 1,203 1,000 looked at, 200 known already, 3 shared');
    expect(text).to.contain('5 failed');
  });

  it('tells pictures that were refused or turned away from those that failed', () => {
    const busy = { images: { hit: 0, miss: 1, shared: 0, refused: 4, busy: 5_165, failed: 0 } };
    expect(textOf(busy)).to.contain(
      '4 could not be read. 5,165 were turned away, there being too much to do. 0 failed.',
    );
    expect(markupOf(busy)).not.to.contain('class="failed"');
    expect(textOf({ images: { hit: 0, miss: 1, failed: 2 } })).not.to.match(/turned away|could not be read/);
  });

  it('says how long answers take, and that nothing is known before the first', () => {
    expect(textOf({ latencyMs: { p50: 24.3, p90: 41.5, p99: 120 } })).to.match(
      /24 ms half .* 90 % within 42 ms, 99 % within 120 ms/,
    );
    expect(textOf({ latencyMs: null })).to.contain('Nothing was asked yet.');
  });

  it('shows memory with its limit, without one, and not at all where it is unknown', () => {
    expect(textOf({ memory: { residentBytes: 3e8, limitBytes: 1.2e9 } })).to.contain(
      'Memory 300.0 MB of 1.2 GB',
    );
    expect(textOf({ memory: { residentBytes: 3e8 } })).to.contain('no limit is set');
    expect(textOf({})).not.to.contain('Memory');
  });

  it('draws bars that warn when little is left, and never overflow', () => {
    const bar = (residentBytes: number) => {
      const markup = markupOf({ memory: { residentBytes, limitBytes: 100 } });
      return /class="(bar[^"]*)"[\s\S]*?class="fill" width="([^"]*)"/.exec(markup)?.slice(1);
    };
    expect(bar(50)).to.deep.equal(['bar', '50.0%']);
    expect(bar(90)).to.deep.equal(['bar full', '90.0%']);
    expect(bar(250)).to.deep.equal(['bar full', '100.0%']);
  });

  it('says who answered, of which build, and whether all is loaded', () => {
    const software = { version: '0.1.0', build: 'sha256:abcdef0123456789' };
    const text = textOf({ replica: 'pod-1', ready: true, uptimeSeconds: 7_512, software });
    expect(text).to.contain('Ready up for 2 h 5 min, version 0.1.0, build abcdef01');
    expect(text).to.contain('what replica pod-1 says');
    expect(textOf({ ready: false })).to.contain('Loading its heads');
  });

  it('lists heads with their figures, those that cannot answer marked', () => {
    const text = textOf({}, [
      HEAD,
      { ...HEAD, id: 'new', version: '', accuracy: undefined, costMs: undefined },
      { ...HEAD, id: 'old', version: '', isStale: true },
    ]);
    expect(text).to.match(/cifar100, linear, version 01234567 1,000 65\.1 % < 0\.1 ms/);
    expect(text).to.match(/new, linear being made 1,000 – –/);
    expect(text).to.match(/old, linear stale Trained for another model; train it again/);
    expect(markupOf({}, [HEAD])).to.contain('Everyday &lt;things&gt;');
  });

  it('tells a list that could not be had from an empty one', () => {
    expect(textOf({}, undefined)).to.contain('could not be had');
    expect(textOf({}, [])).to.contain('There is no head.');
  });

  it('lists models, the default one with its revision', () => {
    const text = textOf({ models: ['mini-clip', 'large'] });
    expect(text)
      .to.contain('mini-clip, the default fedcba98')
      .and.to.contain('large loaded when it is asked');
  });

  it('says plainly that it speaks of one replica, and sums all where they are known', () => {
    expect(textOf({})).to.match(/one replica, at random.*STORE_URL/);
    const beat = (replica: string, requests: number) => ({
      replica,
      startedAt: '2026-01-31T12:34:56.789Z',
      totals: { requests, pictures: 600, failedPictures: 1 },
    });
    const text = textOf({ replica: 'pod-2', replicas: [beat('pod-1', 10), beat('pod-2', 20)] });
    expect(text).to.contain('pod-1 since 2026-01-31 12:34 UTC 10 600 1');
    expect(text).to.contain('pod-2 answered just now, since');
    expect(text).to.contain('All 2 30 1,200 2').and.not.to.contain('STORE_URL');
  });
});
