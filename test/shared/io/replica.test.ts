import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { identifyReplica } from '../../../shared/io/replica.ts';

describe('identifyReplica', () => {
  const code = new URL(import.meta.url);

  it('names each start differently, and its code by what is in it', async () => {
    const [first, second] = await Promise.all([
      identifyReplica(code, '1.2.3'),
      identifyReplica(code, '1.2.3'),
    ]);
    expect(first.version).to.equal('1.2.3');
    expect(first.name).not.to.equal(second.name);
    const hash = createHash('sha256')
      .update(await readFile(code))
      .digest('hex');
    expect([first.build, second.build]).to.deep.equal([`sha256:${hash}`, `sha256:${hash}`]);
    expect(Date.parse(first.startedAt)).to.be.closeTo(Date.now(), 60_000);
  });

  it('fails where its code cannot be read', async () => {
    const failure = await identifyReplica(new URL('./gone.js', import.meta.url), '1').catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(Error);
  });
});
