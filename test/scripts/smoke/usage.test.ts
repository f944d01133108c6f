import { expect } from 'chai';
import { spawnSync } from 'node:child_process';

function smoke(...args: readonly string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'scripts/smoke.ts', ...args], { encoding: 'utf8' });
}

describe('npm run smoke', () => {
  it('refuses an address that is none of the web, and asks nobody', () => {
    for (const address of ['localhost:8080', '127.0.0.1:8080', 'ftp://127.0.0.1', 'http://']) {
      const { status, stdout, stderr } = smoke('--gateway', address);
      expect(status, address).to.equal(2);
      expect(stdout, address).to.equal('');
      expect(stderr).to.contain(`Expected an address such as http://127.0.0.1:8080 but received ${address}.`);
    }
  });
});
