import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeReports, reportsIn } from '../../scripts/load/merge.ts';
import { installPlain, TAGS } from './installation.ts';
import { must, ROOT } from './program.ts';
import { describeOnCluster } from './with-cluster.ts';

const PODS = 2;
/** What one pod's `smoke` does: artillery/smoke.yml. */
const PEOPLE = 10;

const inLoad = (...args: readonly string[]) => must('kubectl', ['-n', 'clip-load', ...args]);

/** What the pods said tells why their Job did not come to its end. */
async function withLogs(cause: Error): Promise<never> {
  const logs = await inLoad('logs', '-l', 'app=load', '--tail=20', '--ignore-errors');
  throw new Error(`${cause.message}\n${logs}`, { cause });
}

/** deploy/load.yaml as docs/kubernetes.md has it changed: an image of ours, another scenario, and so many pods. */
async function loadManifest(image: string): Promise<string> {
  const text = await readFile(join(ROOT, 'deploy/load.yaml'), 'utf8');
  return text
    .replace(/image: \S+/, `image: ${image}`)
    .replace('args: [load,', 'args: [smoke,')
    .replace(/(completions|parallelism): \d+/g, `$1: ${PODS}`);
}

describeOnCluster('load from inside', () => {
  before(() => installPlain());

  after(() => must('kubectl', ['delete', 'namespace', 'clip-load', '--ignore-not-found', '--timeout=120s']));

  it('is sent by a Job, each pod of which runs the scenario to its end', async () => {
    const image = `${process.env.IMAGE_PREFIX ?? ''}/load:${TAGS.first}`;
    const build = ['build', '--file', 'artillery/Dockerfile', '--tag', image, '.'];
    await must('docker', build, { env: { DOCKER_BUILDKIT: '1' } });
    await must('docker', ['push', image]);
    await must('kubectl', ['apply', '-f', '-'], { input: await loadManifest(image) });
    await inLoad('wait', '--for=condition=complete', 'job/load', '--timeout=180s').catch(withLogs);
    const reports = reportsIn(await inLoad('logs', '-l', 'app=load', '--tail=-1'));
    expect(reports).to.have.length(PODS);
    expect(mergeReports(reports).aggregate.counters).to.include({ 'vusers.completed': PODS * PEOPLE });
  });
});
