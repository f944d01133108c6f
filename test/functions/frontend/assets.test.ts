import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { loadAssets } from '../../../functions/frontend/assets.ts';

describe('assets', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'as sets-'));
    await mkdir(join(folder, 'samples'));
    await writeFile(join(folder, 'page.css'), 'body {}');
    await writeFile(join(folder, 'samples', 'b.jpg'), 'B');
    await writeFile(join(folder, 'samples', 'a.jpg'), 'A');
    await writeFile(join(folder, 'notes.txt'), 'not for the page');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const load = () => loadAssets(pathToFileURL(`${folder}/`));

  it('are found by their path, folders included, with the kind of each', async () => {
    const assets = await load();
    expect(assets.get('page.css')?.contentType).to.equal('text/css; charset=utf-8');
    expect(Buffer.from(assets.get('samples/a.jpg')?.bytes ?? []).toString()).to.equal('A');
    expect(assets.list('samples')).to.deep.equal(['samples/a.jpg', 'samples/b.jpg']);
  });

  it('leave out what no page uses, and know nothing outside their folder', async () => {
    const assets = await load();
    for (const path of ['notes.txt', '../page.css', 'samples', '__proto__', '']) {
      expect(assets.get(path), path).to.equal(undefined);
      expect(assets.urlOf(path), path).to.equal(undefined);
    }
  });

  it('have an address that changes with their content', async () => {
    const before = (await load()).urlOf('page.css');
    expect(before).to.match(/^assets\/page\.css\?v=[0-9a-f]{16}$/);
    expect((await load()).urlOf('page.css')).to.equal(before);
    await writeFile(join(folder, 'page.css'), 'body { margin: 0 }');
    expect((await load()).urlOf('page.css')).not.to.equal(before);
  });
});
