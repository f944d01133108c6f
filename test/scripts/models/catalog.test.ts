import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parseCatalog } from '../../../scripts/models/catalog.ts';
import { fixtureEntry } from './fixture-catalog.ts';

const URL = 'https://models.example/pinned/';

describe('parseCatalog', () => {
  it('reads what the repository ships: OpenAI CLIP first, pinned by revision', async () => {
    const catalog = parseCatalog(JSON.parse(await readFile('models/catalog.json', 'utf8')));
    const [first] = catalog;
    expect(first?.manifest).to.include({ id: 'openai-clip-vit-b32', licence: 'MIT', embeddingSize: 512 });
    expect(first?.manifest.logitScale).to.equal(100);
    expect(first?.baseUrl).to.match(/\/resolve\/[0-9a-f]{40}\/$/);
    expect(first?.totalBytes).to.equal(4524 + 520 + 2_224_119 + 89_117_001 + 64_504_507);
    expect(first?.published.map(({ top1 }) => top1)).to.deep.equal([0.651, 0.632]);
  });

  const refused: [string, object, RegExp][] = [
    ['a total that is not the sum', { totalBytes: 1 }, /bundles\[0\].totalBytes/],
    ['plain http', { baseUrl: 'http://models.example/x/' }, /an https URL that ends with \//],
    ['a base that is no folder', { baseUrl: 'https://models.example/x' }, /ends with \//],
    ['credentials in a URL', { baseUrl: 'https://me:secret@models.example/x/' }, /an https URL/],
    ['a hash that is none', { files: [{ path: 'a', bytes: 1, sha256: 'abc' }] }, /64 hexadecimal digits/],
    [
      'a path out of the bundle',
      { files: [{ path: '../a', bytes: 1, sha256: '0'.repeat(64) }] },
      /inside the bundle/,
    ],
    ['no encoders', { files: [{ path: 'a', bytes: 1, sha256: '0'.repeat(64) }] }, /vision_model/],
    [
      'an accuracy over 1',
      { published: [{ data: 'x', kind: 'linear', top1: 65, source: 'y' }] },
      /from 0 to 1/,
    ],
    [
      'a kind that is none',
      { published: [{ data: 'x', kind: 'best', top1: 0.5, source: 'y' }] },
      /zero-shot or linear/,
    ],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => parseCatalog({ bundles: [fixtureEntry(URL, changes)] })).to.throw(message);
    });
  }

  it('refuses two bundles of one id', () => {
    const entry = fixtureEntry(URL);
    expect(() => parseCatalog({ bundles: [entry, entry] })).to.throw(/ids that differ/);
  });

  it('refuses what is no catalogue', () => {
    for (const json of [null, [], {}, { bundles: {} }])
      expect(() => parseCatalog(json)).to.throw(/catalog.json/);
  });
});
