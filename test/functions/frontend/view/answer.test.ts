import { expect } from 'chai';

import { markUnseen, readAnswers } from '../../../../functions/frontend/view/answer.ts';
import { resultView, shortResult, spokenResult } from '../../../../functions/frontend/view/result-view.ts';

const answer = (head: string, score: number, confident: boolean): object => ({
  head,
  version: 'sha256:1',
  model: { id: 'mini-clip', revision: 'sha256:2' },
  image: { sha256: 'aa', width: 4, height: 3, format: 'png' },
  predictions: [
    { label: `${head} first`, score, similarity: 0.25 },
    { label: `${head} <second>`, score: 1 - score },
  ],
  confident,
});
const heads = [{ id: 'a', title: 'List A', labelCount: 2, isReady: true }];
const text = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('answers', () => {
  it('of one head are a list of one', () => {
    const [only, ...others] = readAnswers(answer('a', 0.7, true));
    expect(others).to.have.length(0);
    expect(only).to.deep.include({ head: 'a', confident: true, version: 'sha256:1' });
    expect(only?.predictions[0]).to.deep.equal({ label: 'a first', score: 0.7, similarity: 0.25 });
    expect(only?.image).to.deep.equal({ sha256: 'aa', width: 4, height: 3, format: 'png' });
  });

  it('of several heads stand with the confident ones first, then by score', () => {
    const results = [answer('a', 0.99, false), answer('b', 0.5, true), answer('c', 0.8, true)];
    expect(readAnswers({ results }).map(({ head }) => head)).to.deep.equal(['c', 'b', 'a']);
  });

  it('of several heads compare by similarity: a short list has high scores for nothing', () => {
    const short = {
      ...answer('short', 0.99, true),
      predictions: [{ label: 'x', score: 0.99, similarity: 0.1 }],
    };
    const long = {
      ...answer('long', 0.3, true),
      predictions: [{ label: 'y', score: 0.3, similarity: 0.28 }],
    };
    const digits = { ...answer('digits', 0.95, true), predictions: [{ label: '7', score: 0.95 }] };
    expect(readAnswers({ results: [short, long] }).map(({ head }) => head)).to.deep.equal(['long', 'short']);
    expect(readAnswers({ results: [long, digits] }).map(({ head }) => head)).to.deep.equal([
      'digits',
      'long',
    ]);
  });

  it('of several heads let a high score stand against a similarity that is a little higher', () => {
    const of = (head: string, score: number, similarity: number) => ({
      ...answer(head, score, true),
      predictions: [{ label: head, score, similarity }],
    });
    const results = [of('telephone', 0.31, 0.27), of('keyboard', 0.87, 0.24)];
    expect(readAnswers({ results }).map(({ head }) => head)).to.deep.equal(['keyboard', 'telephone']);
  });

  it('are none where the reply is something else', () => {
    for (const reply of [null, 'x', 7, [], {}, { results: 'x' }, { results: [{}] }, { predictions: [] }]) {
      expect(readAnswers(reply), JSON.stringify(reply)).to.deep.equal([]);
    }
  });

  it('count as confident unless they say otherwise', () => {
    expect(readAnswers({ ...answer('a', 0.7, true), confident: undefined })[0]?.confident).to.equal(true);
  });

  it('get their unseen words marked', () => {
    const [first] = readAnswers(answer('a', 0.7, true));
    if (first === undefined) throw new Error('Expected an answer.');
    const marked = markUnseen(first, new Set(['a first']));
    expect(marked.predictions.map(({ seen }) => seen)).to.deep.equal([false, undefined]);
    expect(markUnseen(first, new Set(['other']))).to.equal(first);
    expect(resultView([marked], heads).markup).to.contain('never met this word');
  });
});

describe('result view', () => {
  it('leads with the label and its score, and shows similarities', () => {
    const { markup } = resultView(readAnswers(answer('a', 0.7, true)), heads);
    expect(markup).to.match(/<strong>a first<\/strong>\s*<span>70\.0/);
    expect(text(markup)).to.contain('List A');
    expect(markup).to.contain('0.250').and.to.contain('width="70.00%"');
  });

  it('escapes labels', () => {
    const { markup } = resultView(readAnswers(answer('a', 0.7, true)), heads);
    expect(markup).to.contain('&lt;second&gt;').and.not.to.contain('<second>');
  });

  it('says plainly that none fits', () => {
    const { markup } = resultView(readAnswers(answer('a', 0.7, false)), heads);
    expect(text(markup)).to.contain(
      'None of these fits. This list has no word that suits this picture well.',
    );
  });

  it('speaks of lists where several were asked, and folds the others away', () => {
    const answers = readAnswers({ results: [answer('a', 0.7, false), answer('b', 0.6, false)] });
    const said = text(resultView(answers, heads).markup);
    expect(said).to.contain('None of these lists has a word').and.to.contain('Also asked: b');
  });

  it('has no column for similarities where there are none', () => {
    const digits = { ...answer('a', 0.7, true), predictions: [{ label: '7', score: 0.7 }] };
    expect(text(resultView(readAnswers(digits), heads).markup)).not.to.contain('Similarity');
  });

  it('says what to do about a picture that cannot be answered as it is, and shows no bars that say nothing', () => {
    const hint = 'Nothing written was found in the picture. Send one digit.';
    const level = ['7', '1'].map((label) => ({ label, score: 0.1 }));
    const blank = readAnswers({ ...answer('a', 0.1, false), predictions: level, hint });
    const said = text(resultView(blank, heads).markup);
    expect(said).to.equal(`Not sure. ${hint}`);
    expect(spokenResult('x.jpg', blank)).to.equal(`x.jpg: not sure. ${hint}`);
    const several = resultView(readAnswers({ ...answer('a', 0.7, false), hint }), heads);
    expect(text(several.markup)).to.contain(`Not sure. ${hint} List A`).and.not.to.contain('None of these');
  });

  it('shows no score for a word without others, but says in words how well it fits', () => {
    const alone = (confident: boolean) =>
      readAnswers({
        ...answer('labels', 1, confident),
        predictions: [{ label: 'cat', score: 1, similarity: 0.21 }],
      });
    for (const confident of [true, false]) {
      const said = text(resultView(alone(confident), heads).markup);
      expect(said).to.match(confident ? /^cat fits well/ : /^cat does not fit well/);
      expect(said).to.contain('nothing to compare it with').and.to.contain('0.210');
      expect(said).not.to.match(/%|Score|None of these/);
    }
    expect(spokenResult('x.jpg', alone(true))).to.equal('x.jpg: cat fits well.');
    expect(spokenResult('x.jpg', alone(false))).to.equal('x.jpg: cat does not fit well.');
  });

  it('is kept in a few words, with a score only where it says something', () => {
    const short = (json: object) => readAnswers(json).map(shortResult)[0];
    expect(short(answer('a', 0.7, true))).to.deep.equal({ said: 'a first', score: 0.7 });
    expect(short(answer('a', 0.7, false))).to.deep.equal({ said: 'None fits; closest a first', score: 0.7 });
    const hinted = { ...answer('a', 0.1, false), hint: 'Send one digit.' };
    expect(short(hinted)).to.deep.equal({ said: 'Not sure', score: undefined });
    const alone = { ...answer('labels', 1, false), predictions: [{ label: 'cat', score: 1 }] };
    expect(short(alone)).to.deep.equal({ said: 'cat does not fit well', score: undefined });
  });

  it('does not advise words of their own to those who gave them', () => {
    const said = text(resultView(readAnswers(answer('labels', 0.7, false)), heads).markup);
    expect(said).to.contain('None of your words suits').and.not.to.contain('may do better');
  });

  it('is said in one line', () => {
    expect(spokenResult('x.jpg', readAnswers(answer('a', 0.7, true)))).to.equal('x.jpg: a first, 70.0 %.');
    expect(spokenResult('x.jpg', readAnswers(answer('a', 0.7, false)))).to.match(
      /none of these fits. Closest is a first/,
    );
    expect(spokenResult('x.jpg', [])).to.equal('x.jpg: no answer came back.');
  });
});
