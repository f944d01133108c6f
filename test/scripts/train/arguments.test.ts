import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../../scripts/command/user-error.ts';
import { parseTrainArguments, readToken, USAGE } from '../../../scripts/train/arguments.ts';

const parse = (text: string, env = {}) => parseTrainArguments(text.split(' '), env);

describe('parseTrainArguments', () => {
  it('reads head and data, and leaves the rest to defaults', () => {
    expect(parse('--head pets --data d')).to.deep.equal({
      head: 'pets',
      data: 'd',
      gateway: 'http://127.0.0.1:8080',
      tokenFile: undefined,
      options: {},
    });
    expect(parse('--head p --data d', { OPENFAAS_URL: 'https://gw.example/' })).to.include({
      gateway: 'https://gw.example',
    });
  });

  it('reads every option, each of which is explained', () => {
    const all = parse(
      '--head p --data d --gateway http://gw/ --token-file t --title T --seed 7 --no-augment',
    );
    expect(all).to.deep.equal({
      head: 'p',
      data: 'd',
      gateway: 'http://gw',
      tokenFile: 't',
      options: { title: 'T', seed: '7', augment: 'false' },
    });
    for (const name of ['head', 'data', 'gateway', 'token-file', 'title', 'seed', 'no-augment', 'help']) {
      expect(USAGE).to.contain(`--${name}`);
    }
  });

  it('refuses what it does not understand, as wrong usage', () => {
    for (const text of ['--data d', '--head p', '--head p --data d --gateway nowhere', '--pictures d']) {
      expect(() => parse(text), text)
        .to.throw(UserError, 'npm run train -- --help')
        .with.property('exitCode', 2);
    }
    expect(parseTrainArguments([], {})).to.equal('help');
    expect(parse('--head p --help')).to.equal('help');
  });
});

describe('readToken', () => {
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), 'train-'))));
  after(() => rm(directory, { recursive: true, force: true }));
  const failure = (file: string | undefined, env = {}) =>
    readToken(file, env).then(
      (token) => token,
      (error: unknown) => (error instanceof UserError ? error.message : String(error)),
    );

  it('takes it from the file that is named, before the environment', async () => {
    const file = join(directory, 'token');
    await writeFile(file, ' secret\n');
    expect(await readToken(file, { TRAINER_TOKEN: 'other' })).to.equal('secret');
    expect(await readToken(undefined, { TRAINER_TOKEN: ' other ' })).to.equal('other');
  });

  it('says where one comes from when there is none', async () => {
    expect(await failure(undefined))
      .to.contain('TRAINER_TOKEN')
      .and.to.contain('npm start');
    expect(await failure(undefined, { TRAINER_TOKEN: ' ' })).to.contain('received none');
    expect(await failure(join(directory, 'nowhere'))).to.contain('could not read');
    const empty = join(directory, 'empty');
    await writeFile(empty, '\n');
    expect(await failure(empty)).to.contain('is empty');
  });
});
