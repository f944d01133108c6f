import { expect } from 'chai';
import { manifestFiles, manifestsIn } from '../stack/manifests.ts';
import { attempt, must } from './program.ts';
import { describeOnCluster } from './with-cluster.ts';

const DRY_RUN = ['apply', '--dry-run=server', '--validate=strict', '-f'];

describeOnCluster('the API server accepts', () => {
  const made: string[] = [];

  // What is in a namespace can only be tried once that is there.
  before(async () => {
    for (const { kind, metadata } of manifestFiles().flatMap(manifestsIn)) {
      if (kind !== 'Namespace') continue;
      const { code } = await attempt('kubectl', ['create', 'namespace', metadata.name]);
      if (code === 0) made.push(metadata.name);
    }
  });

  after(async () => {
    for (const name of made) await must('kubectl', ['delete', 'namespace', name, '--wait=false']);
  });

  for (const file of manifestFiles()) {
    it(file, async () => {
      const printed = await must('kubectl', [...DRY_RUN, file]);
      expect(printed.match(/\(server dry run\)/g)).to.have.length(manifestsIn(file).length);
    });
  }

  it('nothing with a key that it does not know', async () => {
    const wrong = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"dota":{}}';
    const { code, stderr } = await attempt('kubectl', [...DRY_RUN, '-'], { input: wrong });
    expect(code).to.not.equal(0);
    expect(stderr).to.contain('dota');
  });
});
