import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import sharp from 'sharp';
import { runEvaluate } from '../../../scripts/evaluate/run-evaluate.ts';
import { runModels } from '../../../scripts/models/run-models.ts';
import type { Bundle } from '../../../shared/core/bundle.ts';
import type { EvaluationReport } from '../../../shared/core/evaluation-report.ts';
import { headVersion } from '../../../shared/core/head-version.ts';
import { l2Normalise } from '../../../shared/core/scoring.ts';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import type { Encoder } from '../../../shared/io/encoder.ts';
import { writePreparedHead } from '../../../shared/io/head-directory.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';
import { makeFixture, writeFiles, type Fixture } from '../models/fixture-catalog.ts';

const COLOURS: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [255, 0, 0],
  green: [0, 255, 0],
  blue: [0, 0, 255],
  'sea green': [0, 200, 160], // last, since it also ends in green
};

/** Colours for an encoder: a picture is its mean colour, a text the colour that it names. */
function colourEncoder(bundle: Bundle): Encoder {
  const embedding = (rgb: readonly number[]) => l2Normalise(Float32Array.from([...rgb, 1]));
  const meanColour = (pixels: Uint8Array) => {
    const sums = [0, 0, 0];
    for (const [at, value] of pixels.entries()) sums[at % 3] = (sums[at % 3] ?? 0) + value;
    return sums.map((sum) => (sum * 3) / pixels.length);
  };
  const namedColour = (text: string) => {
    const name = Object.keys(COLOURS).findLast((colour) => text.endsWith(` ${colour}`));
    return COLOURS[name ?? ''] ?? [1, 1, 1];
  };
  return {
    bundle,
    encodeImages: (pictures) => Promise.resolve(pictures.map((pixels) => embedding(meanColour(pixels)))),
    encodeTexts: (texts) => Promise.resolve(texts.map((text) => embedding(namedColour(text)))),
    readDigits: () => Promise.reject(new Error('No digits are asked for here.')),
    isRunning: () => true,
    close: () => Promise.resolve(),
  };
}

describe('npm run evaluate', () => {
  let fixture: Fixture;
  let data: string;
  let said: string;
  let started: number;

  beforeEach(async () => {
    fixture = await makeFixture('https://models.example/');
    data = join(fixture.modelsDir, '..', 'colours');
    said = '';
    started = 0;
    await writeFiles(join(fixture.modelsDir, '..', 'carried'));
    const argv = ['fetch', 'tiny-clip', '--no-prepare', '--from', join(fixture.modelsDir, '..', 'carried')];
    await runModels([...argv, '--models', fixture.modelsDir], {
      env: {},
      output: { write: () => true },
      signal: new AbortController().signal,
    });
    await defineHead(['red', 'green', 'blue', 'sea green']);
  });

  afterEach(() => fixture.remove());

  async function defineHead(labels: readonly unknown[]): Promise<void> {
    const head = { id: 'colours', title: 'Colours', templates: ['a {}', 'the {}'], labels };
    await writeFile(join(fixture.modelsDir, 'heads', 'colours.json'), JSON.stringify(head));
  }

  async function paint(path: string, colour: readonly [number, number, number]): Promise<Buffer> {
    const [r, g, b] = colour;
    const file = join(data, path);
    await mkdir(join(file, '..'), { recursive: true });
    const png = await sharp({ create: { width: 40, height: 30, channels: 3, background: { r, g, b } } })
      .png()
      .toBuffer();
    await writeFile(file, png);
    return png;
  }

  async function evaluate(...argv: string[]): Promise<EvaluationReport> {
    const all = ['--data', data, '--models', fixture.modelsDir, '--model', 'tiny-clip', ...argv];
    const report = await runEvaluate(all, {
      env: {},
      output: { write: (text) => (said += text) },
      signal: new AbortController().signal,
      startEncoder: (bundle) => {
        started++;
        return Promise.resolve(colourEncoder(bundle));
      },
      now: () => 0,
    });
    if (report === undefined) throw new Error('There is a report.');
    return report;
  }

  async function failure(work: Promise<unknown>): Promise<string> {
    return work.then(
      () => 'it worked',
      (error: unknown) => (error as Error).message,
    );
  }

  async function paintAll(): Promise<void> {
    for (const [name, rgb] of Object.entries(COLOURS)) {
      for (const at of [0, 1, 2]) await paint(`${name.replace(' ', '_')}/${at}.png`, rgb);
    }
  }

  it('measures a folder for each class', async () => {
    await paintAll();
    const report = await evaluate('--head', 'colours');
    expect(report).to.include({
      head: 'colours',
      kind: 'zero-shot',
      data: 'colours',
      n: 12,
      unreadable: 0,
      unknown: 0,
    });
    expect(report.top1.value).to.equal(1);
    expect(report.baseline).to.equal(0.25);
    expect(report.date).to.equal('1970-01-01T00:00:00.000Z');
    expect(report.model).to.deep.equal({
      id: 'tiny-clip',
      revision: (await readBundle(join(fixture.modelsDir, 'tiny-clip'))).revision,
    });
    expect(said)
      .to.contain('100 %')
      .and.to.match(/top-1 +100.0 % {2}\(75.8 % … 100.0 %, 95 %\)/);
  });

  it('lets labels compete that the data do not have', async () => {
    const png = await paint('green/0.png', [0, 210, 150]);
    const report = await evaluate('--head', 'colours');
    expect(report.top1.value).to.equal(0);
    expect(report.mistakes[0]).to.deep.include({ sha256: sha256Hex(png), label: 'green' });
    expect(report.mistakes[0]?.predictions[0]?.label).to.equal('sea green');
    expect(report.classes).to.have.length(4);
    expect(JSON.stringify(report)).not.to.contain('0.png');
  });

  it('measures a flat folder by its labels, by wnid and index where names repeat', async () => {
    await defineHead([
      { label: 'red', wnid: 'n00000001', index: 40 },
      { label: 'green', wnid: 'n00000002', index: 41 },
      { label: 'blue' },
    ]);
    await paint('a.png', [255, 0, 0]);
    await paint('b.png', [0, 255, 0]);
    await paint('c.png', [0, 0, 255]);
    const rows = ['file,label,index,wnid', 'a.png,shade,,n00000001', 'b.png,shade,41,', 'c.png,blue,,'];
    await writeFile(join(data, 'labels.csv'), rows.join('\n'));
    expect((await evaluate('--head', 'colours')).top1).to.deep.include({ value: 1 });
    const elsewhere = join(fixture.modelsDir, '..', 'truth.csv');
    await writeFile(elsewhere, 'file,label\na.png,blue\n');
    const report = await evaluate('--head', 'colours', '--labels', elsewhere);
    expect(report).to.include({ n: 1 });
    expect(report.confusion.cells).to.deep.equal([[2, 0, 1]]);
  });

  it('refuses folders that are no labels, or leaves them out with words', async () => {
    await paintAll();
    await paint('ultraviolet/0.png', [9, 9, 9]);
    const message =
      'The head has no label for 1 class (1 picture): ultraviolet. Leave them out with --skip-unknown.';
    expect(await failure(evaluate('--head', 'colours'))).to.equal(message);
    const report = await evaluate('--head', 'colours', '--skip-unknown');
    expect(report).to.include({ n: 12, unknown: 1 });
    expect(said).to.contain('Left out: 1 class (1 picture): ultraviolet.');
  });

  it('measures own labels: the classes of the data', async () => {
    await paint('sea_green/0.png', [0, 200, 160]);
    await paint('red/0.png', [250, 5, 5]);
    const report = await evaluate('--head', 'labels', '--template', 'the {}');
    expect(report).to.include({ head: 'labels', n: 2 });
    expect(report.confusion.labels).to.deep.equal(['red', 'sea green']);
    expect(report.top1.value).to.equal(1);
  });

  it('names a file that is no picture, and counts it apart', async () => {
    await paintAll();
    await writeFile(join(data, 'red', 'broken.png'), 'not a picture');
    const report = await evaluate('--head', 'colours');
    expect(report).to.include({ n: 12, unreadable: 1 });
    expect(said)
      .to.match(/broken\.png: .+/)
      .and.to.contain('Not counted: 1 files that could not be read.');
  });

  it('takes a linear head that was trained for the bundle, and no other for it', async () => {
    await paintAll();
    expect(await failure(evaluate('--head', 'colours', '--kind', 'linear'))).to.equal(
      'tiny-clip has no linear head colours. Measure it with --kind zero-shot.',
    );
    const bundle = await readBundle(join(fixture.modelsDir, 'tiny-clip'));
    const trained = {
      id: 'colours',
      kind: 'linear' as const,
      bundleRevision: bundle.revision,
      labels: ['red', 'green', 'blue', 'sea green'],
      // Red and green changed over: what a zero-shot head would not answer.
      weights: Float32Array.from([0, 9, 0, 0, 9, 0, 0, 0, 0, 0, 9, 0, 0, 6, 6, 0]),
      bias: new Float32Array(4),
      scale: 1,
      temperature: 1,
    };
    await writePreparedHead(bundle, { ...trained, title: 'Colours', version: await headVersion(trained) });
    const linear = await evaluate('--head', 'colours', '--kind', 'linear');
    expect(linear.kind).to.equal('linear');
    expect(linear.top1.value).to.equal(0.5);
    expect((await evaluate('--head', 'colours')).kind).to.equal('linear');
    const zeroShot = await evaluate('--head', 'colours', '--kind', 'zero-shot');
    expect(zeroShot.kind).to.equal('zero-shot');
    expect(zeroShot.top1.value).to.equal(1);
  });

  it('measures more pictures than one batch in their order', async () => {
    for (let at = 0; at < 40; at++) await paint(`red/${at}.png`, at < 20 ? [255, 0, 0] : [0, 0, 255]);
    const report = await evaluate('--head', 'colours');
    expect(report.confusion.cells).to.deep.equal([
      [0, 0, 20],
      [0, 2, 20],
    ]);
  });

  it('writes the report', async () => {
    await paintAll();
    const out = join(fixture.modelsDir, 'tiny-clip', 'evaluations', 'colours.json');
    const report = await evaluate('--head', 'colours', '--out', out);
    expect(JSON.parse(await readFile(out, 'utf8'))).to.deep.equal(JSON.parse(JSON.stringify(report)));
    const keys = [
      'model',
      'head',
      'version',
      'data',
      'date',
      'n',
      'baseline',
      'top1',
      'top5',
      'loss',
      'classes',
    ];
    expect(report).to.include.keys(...keys, 'confusion', 'calibration', 'mistakes');
  });

  const failures: [string, () => unknown, string[], RegExp][] = [
    [
      'no pictures',
      () => mkdir(data, { recursive: true }),
      ['--head', 'colours'],
      /found no labelled picture/,
    ],
    ['no folder', () => undefined, ['--head', 'colours'], /Expected a folder of pictures for --data/],
    [
      'no such head',
      paintAll,
      ['--head', 'shapes'],
      /Expected one of colours, pets, labels for --head but received "shapes"/,
    ],
    ['no such bundle', paintAll, ['--head', 'colours', '--model', 'giant'], /received "giant"/],
    [
      'a folder for a report',
      paintAll,
      ['--head', 'colours', '--out', tmpdir()],
      /Expected a file for --out but received the folder/,
    ],
    ['no such table', paintAll, ['--head', 'colours', '--labels', 'no.csv'], /could not read no.csv/],
  ];
  for (const [what, arrange, argv, message] of failures) {
    it(`says what is wrong with ${what}, before it loads a network`, async () => {
      await arrange();
      expect(await failure(evaluate(...argv))).to.match(message);
      expect(started).to.equal(0);
    });
  }

  const tables: [string, string, RegExp][] = [
    ['a file that is missing', 'file,label\nz.png,red\n', /names files that are not in .*: z.png/],
    ['a file outside', 'file,label\n../z.png,red\n', /within the data in row 2/],
    ['no label', 'file,label\na.png,\n', /a label, an index or a wnid in row 2/],
    ['no file', 'label\nred\n', /a column "file"/],
    ['an index that is no number', 'file,index\na.png,first\n', /a whole number for index in row 2/],
    [
      'a row of other cells',
      'file,label\na.png\n',
      /labels\.csv: Expected 2 cells in row 2 but received 1\./,
    ],
  ];
  for (const [what, table, message] of tables) {
    it(`refuses a table with ${what}`, async () => {
      await paint('a.png', [255, 0, 0]);
      await writeFile(join(data, 'labels.csv'), table);
      expect(await failure(evaluate('--head', 'colours'))).to.match(message);
    });
  }
});
