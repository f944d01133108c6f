import { expect } from 'chai';

import { choiceOf, headChoices } from '../../../../functions/frontend/view/head-choices.ts';
import {
  describeHead,
  generalHeads,
  readHeads,
  resolveHeads,
  titleOf,
} from '../../../../functions/frontend/view/head-summary.ts';

const head = (id: string) => ({ id, title: `The ${id}`, labelCount: 2, isReady: true });
const all = ['cat-dog', 'dog-breeds', 'cifar100', 'imagenet1k'].map(head);

describe('heads', () => {
  it('are read from the list of clip, without those made for another bundle', () => {
    const heads = [
      { id: 'a', title: 'A', labelCount: 3, accuracy: 0.5, costMs: 1, kind: 'linear', version: 'v' },
      { id: 'b', title: 'B', labelCount: 3, stale: true },
      { id: 'c' },
      'nonsense',
    ];
    expect(readHeads({ heads })).to.deep.equal([
      { id: 'a', title: 'A', labelCount: 3, isReady: true, accuracy: 0.5, costMs: 1 },
      { id: 'c', title: 'c', labelCount: 0, isReady: false },
    ]);
    expect(readHeads('nonsense')).to.deep.equal([]);
  });

  it('for anything are the general ones that are there', () => {
    expect(generalHeads(all)).to.deep.equal(['cifar100', 'imagenet1k', 'dog-breeds']);
    expect(generalHeads([head('cifar100')])).to.deep.equal(['cifar100']);
    expect(generalHeads([head('cat-dog')])).to.deep.equal(['cifar100']);
    const unmade = { ...head('imagenet1k'), isReady: false };
    expect(generalHeads([head('cifar100'), unmade])).to.deep.equal(['cifar100']);
    expect(describeHead(unmade)).to.equal('2 labels · slow the first time');
  });

  it('asked for by name stay; a star and nothing become the general ones', () => {
    expect(resolveHeads(['cat-dog'], all)).to.deep.equal(['cat-dog']);
    expect(resolveHeads(['*', 'cat-dog'], all)).to.deep.equal([
      'cifar100',
      'imagenet1k',
      'dog-breeds',
      'cat-dog',
    ]);
    expect(resolveHeads([], [head('cifar100')])).to.deep.equal(['cifar100']);
  });

  it('say how good and how quick they are, where that is known', () => {
    const said = describeHead({ ...head('a'), accuracy: 0.6599, costMs: 0.01 }).replaceAll('\u202F', ' ');
    expect(said).to.equal('2 labels · 65 % right · < 0.1 ms');
    expect(describeHead(head('a'))).to.equal('2 labels');
    expect(describeHead({ ...head('a'), labelCount: 1_000 })).to.equal('1,000 labels');
  });

  it('have titles, and so do own words', () => {
    expect(titleOf('cat-dog', all)).to.equal('The cat-dog');
    expect(titleOf('labels', all)).to.equal('Your own words');
    expect(titleOf('gone', all)).to.equal('gone');
  });

  it('are radio buttons of which one is checked, always', () => {
    const checked = (chosen: string): string[] =>
      [...headChoices(all, chosen).markup.matchAll(/value="([^"]*)"\s+checked/g)].map(
        (match) => match[1] ?? '',
      );
    expect(checked('cat-dog')).to.deep.equal(['cat-dog']);
    expect(checked('labels')).to.deep.equal(['labels']);
    expect(checked('made-just-now')).to.deep.equal(['made-just-now']);
    expect(checked('No Head')).to.deep.equal(['*']);
  });

  it('and questions agree on what is chosen', () => {
    expect(choiceOf({ heads: [], labels: ['x'] })).to.equal('labels');
    expect(choiceOf({ heads: ['cat-dog'], labels: [] })).to.equal('cat-dog');
    expect(choiceOf({ heads: [], labels: [] })).to.equal('*');
    expect(choiceOf({ heads: ['a', 'b'], labels: [] })).to.equal('*');
  });
});
