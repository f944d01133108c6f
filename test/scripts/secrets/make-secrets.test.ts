import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { faasCli } from '../../../scripts/secrets/faas-cli.ts';
import { makeSecrets } from '../../../scripts/secrets/make-secrets.ts';

/** Stands for faas-cli: keeps secrets in memory. */
function recorder(existing: readonly string[] = []) {
  const calls: { args: readonly string[]; input: string | undefined }[] = [];
  const run = (args: readonly string[], input?: string) => {
    calls.push({ args, input });
    return Promise.resolve(args[1] === 'list' ? `NAME\n${existing.join('\n')}\n` : '');
  };
  const created = () => calls.filter(({ args }) => args[1] === 'create');
  return { run, calls, created };
}

describe('makeSecrets', () => {
  it('makes both, by standard input and at the gateway given, and prints the token alone', async () => {
    const cli = recorder();
    const lines = await makeSecrets({ run: cli.run, where: ['--gateway', 'http://g'], replace: false });
    expect(cli.calls[0]?.args).to.deep.equal(['secret', 'list', '--gateway', 'http://g']);
    expect(cli.created().map(({ args }) => args)).to.deep.equal([
      ['secret', 'create', 'trainer-token', '--gateway', 'http://g'],
      ['secret', 'create', 'store-password', '--gateway', 'http://g'],
    ]);
    const [token = '', password = ''] = cli.created().map(({ input }) => input ?? '');
    expect(token).to.match(/^[\w-]{32}$/);
    expect(password).to.match(/^[\w-]{32}$/);
    expect(token).to.not.equal(password);
    expect(lines.join('\n')).to.contain(token);
    expect(lines.join('\n')).to.not.contain(password);
  });

  it('leaves those alone that are there', async () => {
    const cli = recorder(['trainer-token', 'other']);
    const lines = await makeSecrets({ run: cli.run, where: [], replace: false });
    expect(cli.created().map(({ args }) => args[2])).to.deep.equal(['store-password']);
    expect(lines[0]).to.equal('trainer-token is there already.');
  });

  it('makes them anew when told so', async () => {
    const cli = recorder(['trainer-token', 'store-password']);
    const lines = await makeSecrets({ run: cli.run, where: [], replace: true });
    expect(cli.created().every(({ args }) => args.includes('--replace'))).to.equal(true);
    const said = lines.join('\n');
    expect(said.indexOf('restart -n openfaas-fn statefulset/redis')).to.be.greaterThan(0);
    expect(said.indexOf('deployment/clip deployment/trainer')).to.be.greaterThan(
      said.indexOf('statefulset/redis'),
    );
  });
});

describe('npm run secrets', () => {
  const secrets = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/secrets.ts', ...args], { encoding: 'utf8' });

  it('says how it is used, and refuses what it does not know', () => {
    expect(secrets('--help'))
      .to.include({ status: 0 })
      .and.to.have.property('stdout')
      .that.contains('--replace');
    const { status, stderr } = secrets('--nonsense');
    expect(status).to.equal(2);
    expect(stderr).to.contain("Unknown option '--nonsense'").and.contain('npm run secrets -- --help');
  });
});

describe('faasCli', () => {
  it('passes arguments and standard input on, and gives back what was printed', async () => {
    const run = faasCli(process.execPath);
    const script = 'process.stdin.on("data", (chunk) => process.stdout.write("got " + chunk))';
    expect(await run(['-e', script], 'a value')).to.equal('got a value');
  });

  it('fails with what was said, or when there is no such program', async () => {
    const failure = (promise: Promise<string>) =>
      promise.then(String, (error: unknown) => (error as Error).message);
    const script = 'console.error("unauthorized"); process.exit(1)';
    expect(await failure(faasCli(process.execPath)(['-e', script]))).to.contain('failed: unauthorized');
    expect(await failure(faasCli('no-such-program')([]))).to.contain('Expected no-such-program on the PATH');
  });
});
