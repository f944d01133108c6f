import { expect } from 'chai';
import { parseEvaluateArguments } from '../../../scripts/evaluate/arguments.ts';
import { UserError } from '../../../scripts/command/user-error.ts';

describe('parseEvaluateArguments', () => {
  it('reads head and data, and leaves the rest to defaults', () => {
    expect(parseEvaluateArguments(['--head', 'pets', '--data', 'd'], {})).to.deep.equal({
      head: 'pets',
      data: 'd',
      model: '',
      templates: [],
      skipUnknown: false,
      modelsDir: 'models',
    });
  });

  it('reads every option', () => {
    const argv =
      '--head pets --data d --labels l.csv --kind linear --model m --skip-unknown --out o.json --models x';
    const all = parseEvaluateArguments(
      [...argv.split(' '), '--template', 'a {}', '--template', 'the {}'],
      {},
    );
    expect(all).to.deep.equal({
      head: 'pets',
      data: 'd',
      labels: 'l.csv',
      kind: 'linear',
      model: 'm',
      templates: ['a {}', 'the {}'],
      skipUnknown: true,
      out: 'o.json',
      modelsDir: 'x',
    });
  });

  it('takes the bundle of CLIP_MODEL', () => {
    const args = parseEvaluateArguments(['--head', 'a', '--data', 'b'], { CLIP_MODEL: 'mini-clip' });
    expect(args).to.include({ model: 'mini-clip' });
  });

  for (const argv of [[], ['--help'], ['-h', '--head', 'a']]) {
    it(`helps with ${JSON.stringify(argv)}`, () => expect(parseEvaluateArguments(argv, {})).to.equal('help'));
  }

  const refused: [string, RegExp][] = [
    ['--data d', /Expected --head/],
    ['--head h', /Expected --data/],
    ['--head h --data d --kind best', /zero-shot or linear for --kind but received "best"/],
    ['--head h --data d --template none', /one {} for --template/],
    ['--head h --data d --speed 3', /--speed/],
    ['--head h --data d extra', /extra/],
  ];
  for (const [line, message] of refused) {
    it(`refuses ${line}`, () => {
      expect(() => parseEvaluateArguments(line.split(' '), {})).to.throw(UserError, message);
    });
  }
});
