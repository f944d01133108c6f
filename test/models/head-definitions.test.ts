import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { HeadDefinition } from '../../shared/core/head.ts';
import { promptsOf } from '../../shared/core/prompts.ts';
import { readHeadDefinitions } from '../../shared/io/head-directory.ts';

const dataDir = process.env.TEST_DATA_DIR ?? '';
const namesPath = join(dataDir, 'imagenet_labels.txt');
const photosPath = join(dataDir, 'eval', 'imagenet', 'labels.csv');

describe('models/heads', () => {
  let heads: ReadonlyMap<string, HeadDefinition>;
  const head = (id: string) => {
    const found = heads.get(id);
    if (found === undefined) throw new Error(`There is no head ${id}.`);
    return found;
  };
  const labelsOf = (id: string) => head(id).labels.map(({ label }) => label);

  before(async () => {
    heads = new Map((await readHeadDefinitions('models')).map((definition) => [definition.id, definition]));
  });

  const counts: [string, number][] = [
    ['cifar100', 100],
    ['imagenet1k', 1000],
    ['cat-dog', 2],
    ['dog-breeds', 120],
  ];
  for (const [id, count] of counts) {
    it(`${id} has ${count} labels that differ also in lower case`, () => {
      const labels = labelsOf(id).map((label) => label.toLowerCase());
      expect(labels).to.have.length(count);
      expect(new Set(labels).size).to.equal(count);
    });

    it(`${id} asks for no two labels by one sentence`, () => {
      const sentences = head(id).labels.flatMap((label) => [
        ...new Set(promptsOf(label, head(id).templates)),
      ]);
      const repeated = sentences.filter((sentence, at) => sentences.indexOf(sentence) !== at);
      expect(repeated).to.deep.equal([]);
    });
  }

  it('cifar100 has the names of the data set in its order, with spaces', () => {
    const labels = labelsOf('cifar100');
    expect(labels).to.deep.equal(
      [...labels].sort((a, b) => (a.replace(/ /g, '_') < b.replace(/ /g, '_') ? -1 : 1)),
    );
    expect(labels).to.include.members([
      'aquarium fish',
      'sweet pepper',
      'lawn mower',
      'pickup truck',
      'streetcar',
    ]);
    expect(labels.join('')).not.to.contain('_');
  });

  it('imagenet1k numbers its labels and gives the wnids, which rise', () => {
    const { labels } = head('imagenet1k');
    expect(labels.map(({ index }) => index)).to.deep.equal(labels.map((_, at) => at));
    const wnids = labels.map(({ wnid }) => wnid ?? '');
    expect(wnids.every((wnid) => /^n\d{8}$/.test(wnid))).to.equal(true);
    expect(wnids).to.deep.equal([...wnids].sort());
    expect(labels[0]).to.include({ label: 'tench', wnid: 'n01440764' });
    expect(labels[999]).to.include({ label: 'toilet tissue', wnid: 'n15075141' });
  });

  it('imagenet1k tells apart what shares a name', () => {
    const labels = labelsOf('imagenet1k');
    expect([134, 517, 638, 639, 264, 474].map((at) => labels[at])).to.deep.equal([
      'crane (bird)',
      'crane (machine)',
      'maillot (tights)',
      'maillot (swimsuit)',
      'Cardigan (dog)',
      'cardigan (garment)',
    ]);
  });

  it('dog-breeds are ImageNet-1k’s, with dingo, dhole and African hunting dog, without the dalmatian', () => {
    const all = head('imagenet1k').labels;
    for (const { label, wnid, index } of head('dog-breeds').labels) {
      expect(all[index ?? -1]?.wnid, label).to.equal(wnid);
    }
    expect(labelsOf('dog-breeds')).to.include.members([
      'dingo',
      'boxer',
      'Samoyed',
      'dhole',
      'African hunting dog',
    ]);
    expect(labelsOf('dog-breeds')).not.to.include('dalmatian');
  });

  const hasNames = existsSync(namesPath);
  it(`imagenet1k is in the order of the data set${hasNames ? '' : ' (skipped: no imagenet_labels.txt in TEST_DATA_DIR)'}`, function () {
    if (!hasNames) this.skip();
    const names = readFileSync(namesPath, 'utf8').trim().split('\n');
    const labels = labelsOf('imagenet1k').map((label) => label.replace(/ \(.*\)$/, ''));
    expect(labels).to.deep.equal(names.map((line) => line.split(', ')[0]));
  });

  const hasPhotos = existsSync(photosPath);
  it(`imagenet1k has the wnids of labelled photographs${hasPhotos ? '' : ' (skipped: no eval/imagenet in TEST_DATA_DIR)'}`, function () {
    if (!hasPhotos) this.skip();
    const lines = readFileSync(photosPath, 'utf8').trim().split('\n').slice(1);
    for (const line of lines) {
      const [, index, wnid] = /,(\d+),(n\d{8}),/.exec(line) ?? [];
      expect(head('imagenet1k').labels[Number(index)]?.wnid, line).to.equal(wnid);
    }
    expect(lines).to.have.length(492);
  });

  const photos = join(dataDir, 'eval', 'dog-breeds');
  const hasBreeds = existsSync(photos);
  it(`the labels file names the breed of every photograph${hasBreeds ? '' : ' (skipped: no eval/dog-breeds in TEST_DATA_DIR)'}`, function () {
    if (!hasBreeds) this.skip();
    const rows = readFileSync('scripts/evaluate/labels/dog-breeds.csv', 'utf8').trim().split('\n').slice(1);
    expect(rows.map((row) => row.split(',')[0]).sort()).to.deep.equal(readdirSync(photos).sort());
    const breeds = rows.map((row) => row.split(',')[1] ?? '');
    expect(new Set(breeds).size).to.equal(119);
    expect(labelsOf('dog-breeds')).to.include.members(breeds);
  });
});
