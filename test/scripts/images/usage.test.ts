import { expect } from 'chai';
import { spawnSync } from 'node:child_process';

/** With no program on its PATH. */
function images(...args: readonly string[]) {
  const env = { ...process.env, PATH: '/nowhere' };
  return spawnSync(process.execPath, ['--import', 'tsx', 'scripts/images.ts', ...args], {
    encoding: 'utf8',
    env,
  });
}

describe('npm run images', () => {
  it('says how it is used', () => {
    const { status, stdout } = images('--help');
    expect(status).to.equal(0);
    expect(stdout).to.contain('npm run images -- --no-build');
  });

  it('refuses what it does not know in words, without a stack', () => {
    for (const args of [['--nonsense'], ['--seconds', 'many'], ['--seconds', '0']]) {
      const { status, stderr } = images(...args);
      expect(status, args.join(' ')).to.equal(2);
      expect(stderr).to.contain('See: npm run images -- --help').and.not.contain('    at ');
    }
  });

  it('names the program that is missing', () => {
    const building = images();
    expect(building.status).to.equal(1);
    expect(building.stderr).to.equal('Expected faas-cli on the PATH but it could not be started.\n');
    expect(images('--no-build').stderr).to.contain('Expected docker on the PATH');
  });
});
