import { expect } from 'chai';
import { manifestFiles } from '../stack/manifests.ts';
import { kubectl } from './cluster.ts';
import { describeOnCluster } from './with-cluster.ts';

describeOnCluster('the API server accepts', () => {
  for (const file of manifestFiles()) {
    it(file, async () => {
      const printed = await kubectl(['apply', '--dry-run=server', '--validate=strict', '-f', file]);
      expect(printed).to.contain('(server dry run)');
    });
  }

  it('nothing with a key that it does not know', async () => {
    const wrong = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"dota":{}}';
    const said = await kubectl(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], wrong).catch(
      String,
    );
    expect(said).to.contain('dota');
  });
});
