import { expect } from 'chai';

import { readModelIds, readStatus } from '../../../../functions/frontend/view/clip-status.ts';
import { readServedHeads } from '../../../../functions/frontend/view/served-head.ts';

describe('the status of clip', () => {
  it('is read member by member', () => {
    const status = readStatus({
      replica: 'pod-1',
      software: { version: '1.2.3', build: 'sha256:ab' },
      model: { id: 'a', revision: 'sha256:cd', title: 'A', embeddingSize: 384 },
      models: ['b', 'a'],
      ready: true,
      uptimeSeconds: 12,
      requests: { '4xx': 1, '2xx': 2 },
      images: { hit: 1, miss: 2, shared: 3, refused: 5, busy: 6, failed: 4 },
      latencyMs: { p50: 1, p90: 2, p99: 3 },
      queue: { images: 1, maxImages: 2, bytes: 3, maxBytes: 4 },
      cache: { entries: 5, bytes: 6, maxBytes: 7 },
      memory: { residentBytes: 8 },
      replicas: [{ replica: 'pod-1', startedAt: 'then', totals: { requests: 9, pictures: 10 } }],
    });
    expect(status).to.deep.equal({
      replica: 'pod-1',
      software: { version: '1.2.3', build: 'sha256:ab' },
      model: { id: 'a', revision: 'sha256:cd', title: 'A', embeddingSize: 384 },
      models: ['a', 'b'],
      isReady: true,
      uptimeSeconds: 12,
      requests: [
        ['2xx', 2],
        ['4xx', 1],
      ],
      pictures: { hit: 1, miss: 2, shared: 3, refused: 5, busy: 6, failed: 4 },
      latencyMs: { p50: 1, p90: 2, p99: 3 },
      pictureQueue: { used: 1, limit: 2 },
      bodyBytes: { used: 3, limit: 4 },
      cacheBytes: { used: 6, limit: 7, entries: 5 },
      memoryBytes: { used: 8, limit: undefined },
      replicas: [{ replica: 'pod-1', startedAt: 'then', requests: 9, pictures: 10, failedPictures: 0 }],
    });
  });

  it('may lack whatever an older clip does not say', () => {
    const status = readStatus({ model: { id: 'a' }, latencyMs: null, memory: 'much' });
    expect(status).to.include({ isReady: false, replica: '', latencyMs: undefined, memoryBytes: undefined });
    expect(status?.models).to.deep.equal(['a']);
    expect(status?.replicas).to.deep.equal([]);
  });

  it('is none where no model is named', () => {
    for (const json of [undefined, null, 'text', [], {}, { model: {} }, { status: 404 }]) {
      expect(readStatus(json)).to.equal(undefined);
      expect(readModelIds(json)).to.deep.equal([]);
    }
  });

  it('names each model once', () => {
    expect(readModelIds({ model: { id: 'b' }, models: ['a', 'b', 3, ''] })).to.deep.equal(['b', 'a']);
  });
});

describe('the heads of a status', () => {
  it('are all that are listed, stale and unmade ones too', () => {
    const heads = [
      { id: 'a', title: 'A', kind: 'linear', labelCount: 3, accuracy: 0.5, costMs: 1, version: 'v' },
      { id: 'b', kind: 'linear', labelCount: 0, stale: true },
      { title: 'nameless' },
    ];
    expect(
      readServedHeads({ heads })?.map(({ id, title, version, isStale }) => [id, title, version, isStale]),
    ).to.deep.equal([
      ['a', 'A', 'v', false],
      ['b', 'b', '', true],
    ]);
  });

  it('are unknown where there is no list', () => {
    expect(readServedHeads({ heads: [] })).to.deep.equal([]);
    for (const json of [undefined, {}, { heads: 'none' }]) expect(readServedHeads(json)).to.equal(undefined);
  });
});
