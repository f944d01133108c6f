import { expect } from 'chai';
import { spawnSync } from 'node:child_process';

function load(...args: readonly string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'scripts/load.ts', ...args], { encoding: 'utf8' });
}

describe('npm run load', () => {
  it('says how it is used and which scenarios there are', () => {
    const { status, stdout } = load('--help');
    expect(status).to.equal(0);
    expect(stdout).to.contain('npm run load -- SCENARIO').and.contain('smoke').and.contain('soak');
  });

  it('refuses what it does not know in words, without a stack', () => {
    const scenario = load('nonsense');
    expect(scenario.status).to.equal(2);
    expect(scenario.stderr).to.match(/^Expected one of .*smoke.* but received "nonsense"\.\nSee: /);
    const option = load('smoke', '--nonsense');
    expect(option.status).to.equal(2);
    expect(option.stderr).to.contain("Unknown option '--nonsense'").and.not.contain('    at ');
    const target = load('smoke', '--target', 'localhost:8080');
    expect(target.status).to.equal(2);
    expect(target.stderr).to.contain('for --target but received localhost:8080.');
  });
});
