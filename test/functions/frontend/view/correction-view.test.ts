import { expect } from 'chai';
import { readAnswers } from '../../../../functions/frontend/view/answer.ts';
import { correctable, correctionView } from '../../../../functions/frontend/view/correction-view.ts';

const answer = (head: string, labels: readonly string[], confident = true) => ({
  head,
  confident,
  predictions: labels.map((label, at) => ({ label, score: 1 / (at + 2) })),
});
const answersOf = (...results: readonly object[]) => readAnswers({ results });
const view = (answers: ReturnType<typeof answersOf>, hasToken = true) =>
  correctionView(answers, { heads: [], chosen: answers[0]?.head ?? '', hasToken }).markup;
const offered = (markup: string) => [...markup.matchAll(/data-label="([^"]+)"/g)].map(([, label]) => label);

describe('correctionView', () => {
  it('offers the labels that came after the wrong one, a click each', () => {
    const markup = view(answersOf(answer('cifar100', ['wolf', 'fox', 'bear', 'dog', 'cat', 'cow'])));
    expect(offered(markup)).to.deep.equal(['fox', 'bear', 'dog', 'cat']);
    expect(markup).to.contain('only if you may pass it on');
  });

  it('offers the first one too where none was sure, and none that no example may have', () => {
    const markup = view(answersOf(answer('cifar100', ['wolf', 'a/b', 'fox'], false)));
    expect(offered(markup)).to.deep.equal(['wolf', 'fox']);
  });

  it('asks for the token only where there is none', () => {
    const answers = answersOf(answer('cifar100', ['wolf', 'fox']));
    expect(view(answers, false)).to.contain('name="token"');
    expect(view(answers, true)).to.not.contain('name="token"');
  });

  it('asks of which list where several answered', () => {
    const answers = answersOf(answer('cifar100', ['wolf']), answer('cat-dog', ['dog', 'cat']));
    expect(view(answers)).to.contain('<select name="head"');
    expect(view(answers.slice(0, 1))).to.not.contain('<select');
  });

  it('is for heads that learn from examples alone', () => {
    const answers = answersOf(answer('labels', ['a']), answer('digits', ['7']), answer('mine', ['b']));
    expect(correctable(answers).map(({ head }) => head)).to.deep.equal(['mine']);
  });
});
