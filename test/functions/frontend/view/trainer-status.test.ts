import { expect } from 'chai';
import { trainableHeads } from '../../../../functions/frontend/view/trainable-heads.ts';
import { readTrainerStatus, trainingState } from '../../../../functions/frontend/view/trainer-status.ts';
import { trainingSummary } from '../../../../functions/frontend/view/training-summary.ts';

const JSON_STATUS = {
  writes: true,
  training: false,
  uptimeSeconds: 61,
  pictures: { kept: 72, duplicate: 1, failed: 4, notDone: 8 },
  trainings: { done: 2, failed: 0, cancelled: 1 },
  store: true,
  lastTraining: {
    head: 'three-dogs',
    title: 'Three <dogs>',
    version: `sha256:${'cd'.repeat(32)}`,
    createdAt: '2026-01-31T12:34:56.789Z',
    examples: 72,
    before: 0.8,
    after: 0.93,
  },
};

describe('trainingState', () => {
  it('tells a trainer that can, one without a token, none at all, and one that is away', () => {
    expect(trainingState({ status: 200, json: JSON_STATUS })).to.equal('on');
    expect(trainingState({ status: 200, json: { ...JSON_STATUS, writes: false } })).to.equal('off');
    expect(trainingState({ status: 404, json: undefined })).to.equal('absent');
    for (const reply of [undefined, { status: 502, json: undefined }, { status: 200, json: {} }]) {
      expect(trainingState(reply)).to.equal('away');
    }
  });
});

describe('trainingSummary', () => {
  const textOf = (json: unknown) => {
    const reply = { status: 200, json };
    const { markup } = trainingSummary({ state: trainingState(reply), status: readTrainerStatus(json) });
    expect(markup).to.not.contain('<dogs>');
    return markup.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  };

  it('tells the last training: head, version, when, pictures, before and after', () => {
    const text = textOf(JSON_STATUS);
    expect(text).to.contain('Three &lt;dogs&gt; , version cdcdcdcd');
    expect(text).to.contain('2026-01-31 12:34 UTC, 72 pictures, accuracy on its hold-out 80.0 % → 93.0 %');
    expect(text).to.contain('2 done, 0 failed, 1 cancelled').and.to.contain('up for 1 min 1 s');
  });

  it('says what is not so: no training yet, a new head, no token, no store', () => {
    expect(textOf({ ...JSON_STATUS, lastTraining: null })).to.contain('none yet');
    const isNew = { ...JSON_STATUS, lastTraining: { ...JSON_STATUS.lastTraining, before: null } };
    expect(textOf(isNew)).to.contain('new → 93.0 %');
    expect(textOf({ ...JSON_STATUS, writes: false })).to.contain('no token is set');
    expect(textOf({ ...JSON_STATUS, store: false })).to.contain('Store does not answer');
  });

  it('says how to add a trainer where none is', () => {
    const { markup } = trainingSummary({ state: 'absent', status: undefined });
    expect(markup).to.contain('runs without').and.to.contain('href="train"');
    expect(trainingSummary({ state: 'away', status: undefined }).markup).to.contain('does not answer');
  });
});

describe('trainableHeads', () => {
  const head = (id: string) => ({ id, title: id.toUpperCase(), labelCount: 2, isReady: true });

  it('are those of clip but digits, and those that have only examples so far', () => {
    const list = trainableHeads([head('cat-dog'), head('digits')], {
      heads: [{ id: 'cat-dog', examples: 3 }, { id: 'mine', examples: 1 }, { id: 7 }],
    });
    expect(list).to.deep.equal([
      { id: 'cat-dog', title: 'CAT-DOG' },
      { id: 'mine', title: 'mine' },
    ]);
    expect(trainableHeads([], undefined)).to.deep.equal([]);
  });
});
