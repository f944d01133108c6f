import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingHere, reasonToSkip } from './requirements.ts';

describe('what the tests on a cluster need', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'requirements-'));
    for (const name of ['kubectl', 'faas-cli', 'docker'])
      await writeFile(join(folder, name), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  });

  afterEach(() => rm(folder, { recursive: true }));

  const set = { KUBECONFIG: 'k', OPENFAAS_URL: 'http://127.0.0.1:1', IMAGE_PREFIX: 'p' };

  it('is a cluster, its gateway, a registry and three programs', () => {
    expect(missingHere({ ...set, PATH: folder })).to.deep.equal([]);
  });

  it('is named where it is missing, all at once', async () => {
    await rm(join(folder, 'docker'));
    const missing = missingHere({ PATH: folder, KUBECONFIG: 'k' });
    expect(missing).to.have.length(3);
    expect(missing[0]).to.match(/^OPENFAAS_URL is not set/);
    expect(missing[1]).to.match(/^IMAGE_PREFIX is not set/);
    expect(missing[2]).to.equal('docker is not on the PATH');
    expect(await reasonToSkip({ PATH: folder })).to.contain('docker is not on the PATH');
  });
});
