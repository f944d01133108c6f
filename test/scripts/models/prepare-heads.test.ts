import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Bundle } from '../../../shared/core/bundle.ts';
import type { HeadDefinition, LinearHead } from '../../../shared/core/head.ts';
import { headVersion } from '../../../shared/core/head-version.ts';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import { readPreparedHead, writePreparedHead } from '../../../shared/io/head-directory.ts';
import { fetchBundle } from '../../../scripts/models/fetch-bundle.ts';
import { BundlePlace } from '../../../scripts/models/bundle-place.ts';
import { parseCatalog } from '../../../scripts/models/catalog.ts';
import { prepareHeads } from '../../../scripts/models/prepare-heads.ts';
import { headState } from '../../../scripts/models/prepared-list.ts';
import { Progress } from '../../../scripts/command/progress.ts';
import { fixtureEntry, makeFixture, writeFiles, type Fixture } from './fixture-catalog.ts';

const PETS: HeadDefinition = {
  id: 'pets',
  title: 'Pets',
  templates: ['a {}', 'the {}'],
  labels: [{ label: 'cat', prompts: ['cat', 'kitten'] }, { label: 'dog' }],
};
const BIRDS: HeadDefinition = {
  id: 'birds',
  title: 'Birds',
  templates: ['a {}'],
  labels: [{ label: 'owl' }],
};

/** A text's own numbers: the same text, the same embedding. */
function embed(text: string): Float32Array {
  const values = Float32Array.from([0, 1, 2, 3], (at) => text.charCodeAt(at % text.length) - 96.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

describe('prepareHeads', () => {
  let fixture: Fixture;
  let bundle: Bundle;
  let texts: string[];
  let closed: number;

  beforeEach(async () => {
    fixture = await makeFixture('https://models.example/');
    texts = [];
    closed = 0;
    const [entry] = parseCatalog({ bundles: [fixtureEntry('https://models.example/')] });
    const place = new BundlePlace(fixture.modelsDir, 'tiny-clip');
    await writeFiles(join(fixture.modelsDir, '..', 'carried'));
    if (entry === undefined) throw new Error('The fixture has an entry.');
    await fetchBundle(entry, place, {
      from: join(fixture.modelsDir, '..', 'carried'),
      signal: new AbortController().signal,
      progress: new Progress({ total: entry.totalBytes, format: String, output: { write: () => true } }),
      prepare: () => Promise.resolve(),
    });
    bundle = await readBundle(place.target);
  });

  afterEach(() => fixture.remove());

  async function prepare(definitions: readonly HeadDefinition[], signal = new AbortController().signal) {
    return prepareHeads(bundle, definitions, {
      signal,
      openTexts: () =>
        Promise.resolve({
          encodeTexts: (batch) => {
            texts.push(...batch);
            return Promise.resolve(batch.map(embed));
          },
          close: () => {
            closed++;
            return Promise.resolve();
          },
        }),
      onTexts: () => undefined,
    });
  }

  const fileOf = (id: string) => readFile(join(bundle.directory, 'heads', `${id}.safetensors`));

  it('stores each head for this very bundle', async () => {
    expect(await prepare([PETS, BIRDS])).to.deep.equal(
      new Map([
        ['pets', 'absent'],
        ['birds', 'absent'],
      ]),
    );
    expect(texts).to.deep.equal(['a cat', 'the cat', 'a kitten', 'the kitten', 'a dog', 'the dog', 'a owl']);
    const head = await readPreparedHead(bundle, 'pets');
    expect(head).to.include({ kind: 'zero-shot', bundleRevision: bundle.revision, scale: 100 });
    expect(head?.labels).to.deep.equal(['cat', 'dog']);
    expect(closed).to.equal(1);
  });

  it('gives the same bytes every time', async () => {
    await prepare([PETS]);
    const first = await fileOf('pets');
    const list = await readFile(join(bundle.directory, 'heads', 'prepared.json'));
    await rm(join(bundle.directory, 'heads'), { recursive: true });
    await prepare([PETS]);
    expect(await fileOf('pets')).to.deep.equal(first);
    expect(await readFile(join(bundle.directory, 'heads', 'prepared.json'))).to.deep.equal(list);
  });

  it('does nothing, and opens no encoder, when all is current', async () => {
    await prepare([PETS, BIRDS]);
    texts = [];
    expect([...(await prepare([PETS, BIRDS])).values()]).to.deep.equal(['ready', 'ready']);
    expect(texts).to.deep.equal([]);
    expect(closed).to.equal(1);
  });

  const changes: [string, Partial<HeadDefinition>][] = [
    ['a template', { templates: ['one {}', 'the {}'] }],
    ['a prompt', { labels: [{ label: 'cat', prompts: ['cat', 'tomcat'] }, { label: 'dog' }] }],
    ['a label', { labels: [{ label: 'cat' }, { label: 'hound', prompts: ['dog'] }] }],
    ['the order', { labels: [...PETS.labels].reverse() }],
    ['the title', { title: 'Animals at home' }],
  ];
  for (const [what, change] of changes) {
    it(`makes a head anew whose definition changed by ${what}, and only that`, async () => {
      await prepare([PETS, BIRDS]);
      texts = [];
      const changed = { ...PETS, ...change };
      expect(await headState(bundle, changed)).to.equal('stale');
      await prepare([changed, BIRDS]);
      expect(texts).not.to.include('a owl').and.not.to.deep.equal([]);
      expect(await headState(bundle, changed)).to.equal('ready');
    });
  }

  async function trainedFor(bundleRevision: string): Promise<LinearHead> {
    const trained = {
      id: 'pets',
      kind: 'linear' as const,
      bundleRevision,
      labels: ['cat', 'dog'],
      weights: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      bias: Float32Array.of(0, 1),
      scale: 1,
      temperature: 1,
    };
    return { ...trained, title: 'Pets', version: await headVersion(trained) };
  }

  it('leaves a head that was trained for this bundle', async () => {
    await writePreparedHead(bundle, await trainedFor(bundle.revision));
    expect((await prepare([PETS])).get('pets')).to.equal('trained');
    expect((await readPreparedHead(bundle, 'pets'))?.kind).to.equal('linear');
  });

  it('says of a head that it was trained for another revision, and makes it from its prompts', async () => {
    const other = { ...bundle, revision: `sha256:${'0'.repeat(64)}` };
    await writePreparedHead(other, await trainedFor(other.revision));
    expect((await prepare([PETS])).get('pets')).to.equal('foreign');
    expect((await readPreparedHead(bundle, 'pets'))?.kind).to.equal('zero-shot');
  });

  it('makes heads of another revision, and unreadable ones, anew', async () => {
    await prepare([PETS]);
    const other = { ...bundle, revision: `sha256:${'0'.repeat(64)}` };
    expect(await headState(other, PETS)).to.equal('absent');
    await mkdir(join(bundle.directory, 'heads'), { recursive: true });
    await writeFile(join(bundle.directory, 'heads', 'pets.safetensors'), 'broken');
    expect((await prepare([PETS])).get('pets')).to.equal('absent');
    expect(await headState(bundle, PETS)).to.equal('ready');
  });

  it('stops when it is told to, closes the encoder, and keeps what was finished', async () => {
    const controller = new AbortController();
    controller.abort(new Error('Stopped.'));
    const outcome = await prepare([PETS], controller.signal).catch(
      (error: unknown) => (error as Error).message,
    );
    expect(outcome).to.equal('Stopped.');
    expect(closed).to.equal(1);
  });
});
