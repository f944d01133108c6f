import { expect } from 'chai';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseManifest } from '../../shared/core/bundle-manifest.ts';
import { startFileServer } from '../scripts/models/file-server.ts';
import { answerOf, classify, photo } from './asking.ts';
import { kubectl, settled } from './cluster.ts';
import { faasCli, installPlain, TAGS } from './installation.ts';
import { must, ROOT } from './program.ts';
import { describeOnCluster } from './with-cluster.ts';

const ID = 'stand-in-clip';
const EMBEDDED = join(ROOT, 'models/mini-clip');

describeOnCluster('an image of clip with a bundle that was fetched', () => {
  let folder: string;

  const up = () =>
    faasCli(['up', '-f', 'stack.yml', '--filter', 'clip'], { tag: TAGS.fetched, models: ID, cwd: folder });

  before(async () => {
    await installPlain();
    folder = await mkdtemp(join(tmpdir(), 'fetched-bundle-'));
    await copyOfRepository(folder);
    await fetchStandIn(join(folder, 'models'));
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await faasCli(['deploy', '-f', 'stack.yml', '--filter', 'clip']);
    await kubectl(['rollout', 'status', 'deployment/clip', '--timeout=180s']);
    await settled('clip', 1);
  });

  it('answers with it, and carries no other', async () => {
    await up();
    await kubectl(['rollout', 'status', 'deployment/clip', '--timeout=180s']);
    await settled('clip', 1);
    const answer = await answerOf(await classify(await photo('two-dogs'), '?head=cat-dog'));
    expect(answer.model.id).to.equal(ID);
    expect(answer.predictions[0]?.label).to.equal('dog');
    const inside = await kubectl(['exec', 'deployment/clip', '--', 'ls', 'models']);
    expect(inside.split('\n')).to.include(ID).and.to.not.include('mini-clip');
  });

  it('is not built when a file is not what its checksum says', async () => {
    await appendFile(join(folder, 'models', ID, 'config.json'), ' ');
    const failure = await up().catch((error: unknown) => String(error));
    expect(failure).to.match(/Expected SHA-256 [0-9a-f]{64} for stand-in-clip\/config\.json but received/);
  });
});

/** What builds of `clip` take, with one head and no bundle. */
async function copyOfRepository(folder: string): Promise<void> {
  const filter = (path: string) => !path.includes('node_modules');
  for (const path of ['stack.yml', 'template', 'functions/clip', 'shared', 'models/heads/cat-dog.json'])
    await cp(join(ROOT, path), join(folder, path), { recursive: true, filter });
}

/** The embedded bundle's files under the names and in the catalogue of one that is downloaded, fetched from this machine. */
async function fetchStandIn(models: string): Promise<void> {
  const embedded = parseManifest(JSON.parse(await readFile(join(EMBEDDED, 'bundle.json'), 'utf8')));
  const renamed = (path: string) => path.replace(/_model\.onnx$/, '_model_quantized.onnx');
  const contents = await Promise.all(embedded.files.map(({ path }) => readFile(join(EMBEDDED, path))));
  const server = await startFileServer(
    new Map(
      embedded.files.map(({ path }, index) => [`/${renamed(path)}`, contents[index] ?? Buffer.alloc(0)]),
    ),
  );
  try {
    const files = embedded.files.map((file) => ({ ...file, path: renamed(file.path) }));
    const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const entry = { ...embedded, id: ID, baseUrl: `${server.origin}/`, totalBytes, files };
    await mkdir(models, { recursive: true });
    await writeFile(join(models, 'catalog.json'), JSON.stringify({ bundles: [entry] }));
    await must('npm', ['run', '--silent', 'models', '--', 'fetch', ID, '--models', models]);
  } finally {
    await server.close();
  }
}
