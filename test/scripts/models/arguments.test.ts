import { expect } from 'chai';
import { parseModelsArguments } from '../../../scripts/models/arguments.ts';
import { UserError } from '../../../scripts/command/user-error.ts';

describe('parseModelsArguments', () => {
  it('reads an action and its options', () => {
    const argv = [
      'fetch',
      'clip',
      '--from',
      '/media',
      '--no-prepare',
      '--catalog',
      'c.json',
      '--models',
      'm',
    ];
    expect(parseModelsArguments(argv, {})).to.deep.equal({
      action: 'fetch',
      id: 'clip',
      modelsDir: 'm',
      catalogPath: 'c.json',
      from: '/media',
      prepare: false,
    });
  });

  it('looks in models by default, or where the setting says', () => {
    expect(parseModelsArguments(['list'], {})).to.include({
      modelsDir: 'models',
      catalogPath: 'models/catalog.json',
    });
    expect(parseModelsArguments(['list'], { models_dir: '/m' })).to.include({
      catalogPath: '/m/catalog.json',
    });
  });

  it('takes the mirror of the environment, and the option before it', () => {
    const env = { CLIP_MODEL_MIRROR: 'https://a.example' };
    expect(parseModelsArguments(['list'], env).mirror).to.equal('https://a.example');
    expect(parseModelsArguments(['list', '--mirror', 'https://b.example'], env).mirror).to.equal(
      'https://b.example',
    );
    expect(parseModelsArguments(['list'], { CLIP_MODEL_MIRROR: '' }).mirror).to.equal(undefined);
  });

  for (const argv of [[], ['--help'], ['-h'], ['fetch', '--help']]) {
    it(`helps with ${JSON.stringify(argv)}`, () =>
      expect(parseModelsArguments(argv, {}).action).to.equal('help'));
  }

  const refused: [string[], RegExp][] = [
    [['get'], /Expected one of list, fetch, prepare, verify, remove but received "get"/],
    [['fetch'], /Expected a bundle's id after fetch but received nothing/],
    [['remove', '../heads'], /Expected a bundle's id after remove/],
    [['remove', '.'], /Expected a bundle's id/],
    [['fetch', 'a', 'b'], /received also b/],
    [['list', '--force'], /--force/],
    [['fetch', 'a', '--mirror', 'http://far.example'], /https URL/],
  ];
  for (const [argv, message] of refused) {
    it(`refuses ${argv.join(' ')}`, () => {
      expect(() => parseModelsArguments(argv, {})).to.throw(UserError, message);
    });
  }
});
