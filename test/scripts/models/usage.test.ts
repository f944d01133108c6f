import { expect } from 'chai';
import { ACTIONS, parseModelsArguments } from '../../../scripts/models/arguments.ts';
import { USAGE } from '../../../scripts/models/usage.ts';
import { parseEvaluateArguments, USAGE as EVALUATE_USAGE } from '../../../scripts/evaluate/arguments.ts';

const optionsOf = (usage: string) => [...usage.matchAll(/^ {2}(--[a-z-]+)( [A-Z]+)?/gm)];

describe('the help of the commands', () => {
  it('names every action of models', () => {
    for (const action of ACTIONS) expect(USAGE).to.contain(`npm run models -- ${action}`);
  });

  for (const [, option = '', value] of optionsOf(USAGE)) {
    it(`models takes ${option}${value ?? ''}`, () => {
      const argv = ['list', option, ...(value === undefined ? [] : ['https://x.example'])];
      expect(() => parseModelsArguments(argv, {})).not.to.throw();
    });
  }

  for (const [, option = '', value] of optionsOf(EVALUATE_USAGE)) {
    it(`evaluate takes ${option}${value ?? ''}`, () => {
      const given = option === '--kind' ? 'linear' : option === '--template' ? 'a {}' : 'x';
      const argv = ['--head', 'a', '--data', 'b', option, ...(value === undefined ? [] : [given])];
      expect(() => parseEvaluateArguments(argv, {})).not.to.throw();
    });
  }

  it('describes options at all', () => {
    expect(optionsOf(USAGE)).to.have.length(6);
    expect(optionsOf(EVALUATE_USAGE)).to.have.length(10);
  });
});
