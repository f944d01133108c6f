import { expect } from 'chai';
import { runBench } from '../../../scripts/bench/run-bench.ts';
import { UserError } from '../../../scripts/command/user-error.ts';
import { makeTinyModels } from '../../fixtures/tiny-bundle.ts';

describe('npm run bench', () => {
  let said: string;
  const context = {
    env: {},
    output: { write: (text: string) => (said += text) },
    signal: new AbortController().signal,
  };
  beforeEach(() => (said = ''));

  const refusal = (...argv: string[]) =>
    runBench(argv, context).then(
      () => new Error('it worked'),
      (error: unknown) => error as Error,
    );

  it('says what it measures and how', async () => {
    await runBench(['--help'], context);
    expect(said).to.contain('npm run bench').and.to.contain('--hostile DIR').and.to.contain('two cores');
  });

  it('refuses options that it does not have', async () => {
    const error = await refusal('--fast');
    expect(error).to.be.instanceOf(UserError).and.to.include({ exitCode: 2 });
    expect(error.message).to.contain('--fast').and.to.contain('npm run bench -- --help');
  });

  it('names the bundles that are there when asked for another', async () => {
    const models = await makeTinyModels();
    const error = await refusal('--models', models.directory, '--model', 'giant');
    await models.remove();
    expect(error).to.be.instanceOf(UserError);
    expect(error.message).to.contain('"giant"').and.to.contain('tiny');
    expect(said, 'nothing was built').to.equal('');
  });
});
