import { expect } from 'chai';

import { MAX_TOP as TAKEN_BY_CLIP } from '../../../../functions/clip/request/classify-options.ts';
import { leftOut } from '../../../../functions/frontend/view/left-out.ts';
import { isTop, MAX_TOP, NO_QUESTION } from '../../../../functions/frontend/view/question.ts';

describe('what a link asks that the page cannot', () => {
  it('is nothing for the links that the page itself makes', () => {
    for (const question of [
      {},
      { heads: ['cat-dog'], top: '10' },
      { heads: ['*'] },
      { heads: ['never-heard-of'] },
      { labels: ['a', 'b'], template: 'a {}', top: '1000' },
      { heads: ['labels'], template: 'a {}' },
      { heads: ['labels'], labels: ['a'] },
    ]) {
      expect(leftOut({ ...NO_QUESTION, ...question }), JSON.stringify(question)).to.deep.equal([]);
    }
  });

  it('is said, each part of it', () => {
    const said = (question: object): string => leftOut({ ...NO_QUESTION, ...question }).join(' ');
    expect(said({ heads: ['cifar100', 'cat-dog'] })).to.match(/several lists/);
    expect(said({ heads: ['No Such!'] })).to.match(/“No Such!” is no name of a list; “Anything” is chosen/);
    expect(said({ heads: ['cat-dog'], labels: ['a'] })).to.match(/the words are asked/);
    expect(said({ template: 'a {}' })).to.match(/no words to go with it/);
    for (const top of ['99999', 'x', '0', '1001', '007', '-1', '1e2']) {
      expect(said({ top }), top).to.match(/5 are chosen, of up to 1,000/);
      expect(isTop(top)).to.equal(false);
    }
  });

  it('goes by the number of answers that clip gives at most', () => {
    expect(MAX_TOP).to.equal(TAKEN_BY_CLIP);
  });
});
