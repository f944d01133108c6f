import { expect } from 'chai';
import { beforeAfter } from '../../../../functions/frontend/view/before-after.ts';
import { confusionView } from '../../../../functions/frontend/view/confusion-view.ts';
import { lossChart, lossSentence } from '../../../../functions/frontend/view/loss-chart.ts';
import { readHoldOut, readTrainedHead } from '../../../../functions/frontend/view/training-record.ts';
import { trainingExplanation } from '../../../../functions/frontend/view/training-state.ts';
import { versionTable } from '../../../../functions/frontend/view/version-table.ts';
import { HOLD_OUT, HOLD_OUT_JSON } from './sample-hold-out.ts';

/** Text of markup, blanks collapsed, thin ones to common ones. */
const textOf = (markup: string): string =>
  markup
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
const VERSION = `sha256:${'ab'.repeat(32)}`;
const HEAD_JSON = {
  id: 'cat-dog',
  builtIn: true,
  stale: false,
  examples: 40,
  versions: [
    {
      version: VERSION,
      live: true,
      createdAt: '2026-01-31T12:34:56.789Z',
      examples: 40,
      before: { ...HOLD_OUT_JSON, accuracy: { value: 0.7, interval: [0.4, 0.9] } },
      after: HOLD_OUT_JSON,
    },
    { version: '0', live: false },
  ],
};
const epochs = [1.2, 0.6, 0.4].map((trainLoss, at) => ({
  epoch: at + 1,
  trainLoss,
  validationLoss: [1.1, 0.5, 0.55][at] ?? 0,
  validationAccuracy: 0.9,
  learningRate: 0.05,
}));

describe('figures of a training', () => {
  it('are read from what the trainer says, and missing where it says nothing', () => {
    expect(readHoldOut(HOLD_OUT_JSON)).to.deep.equal(HOLD_OUT);
    for (const nothing of [undefined, null, {}, { accuracy: 'high' }, []]) {
      expect(readHoldOut(nothing)).to.equal(undefined);
    }
  });

  it('stand before and after, with what changed', () => {
    const before = { ...HOLD_OUT, accuracy: 0.7, logLoss: 0.5, recall: 0.9 };
    const text = textOf(beforeAfter(before, HOLD_OUT).markup);
    expect(text).to.contain('Accuracy 95 % certain to be 60 to 98 % 70.0 % 90.0 % +20.0');
    expect(text).to.contain('Recall 90.0 % 90.0 % 0.0');
    expect(text).to.contain('Log loss less is better 0.500 0.250 −0.250');
    expect(text).to.contain('Measured on 10 pictures');
  });

  it('of a new head have nothing before them', () => {
    const text = textOf(beforeAfter(undefined, HOLD_OUT).markup);
    expect(text).to.contain('The head is new').and.to.contain('F1 – 89.0 % –');
    expect(text).to.not.contain('Before: rows');
  });
});

describe('confusionView', () => {
  it('is a matrix for few labels: rows are what pictures show', () => {
    const { markup } = confusionView('After', HOLD_OUT);
    expect(textOf(markup)).to.match(/cat dog cat 4 1 dog 0 5$/);
    expect(markup).to.contain('class="right shade-4"').and.to.contain('class="wrong shade-1"');
  });

  it('lists the commonest mistakes where there are many labels', () => {
    const labels = Array.from({ length: 20 }, (_, at) => `breed ${at}`);
    const cells = [
      [0, 0, 5],
      [1, 2, 3],
      [3, 4, 7],
    ] as const;
    const text = textOf(confusionView('After', { ...HOLD_OUT, labels, cells }).markup);
    expect(text).to.match(/breed 3 breed 4 7 breed 1 breed 2 3$/);
    const right = textOf(confusionView('After', { ...HOLD_OUT, labels, cells: [[0, 0, 5]] }).markup);
    expect(right).to.equal('After: every picture was answered rightly.');
  });
});

describe('lossChart', () => {
  it('draws both losses within its frame', () => {
    const { markup } = lossChart(epochs);
    const points = [...markup.matchAll(/points="([^"]+)"/g)].map(([, text = '']) => text.split(' '));
    expect(points.map(({ length }) => length)).to.deep.equal([3, 3]);
    for (const point of points.flat()) {
      const [x = -1, y = -1] = point.split(',').map(Number);
      expect(x).to.be.within(0, 100);
      expect(y).to.be.within(0, 100);
    }
  });

  it('says the same in words and as a table', () => {
    expect(lossSentence(epochs)).to.equal(
      'After 3 epochs: training loss from 1.20 to 0.40, validation loss from 1.10 to 0.55, at best 0.50 in epoch 2.',
    );
    expect(textOf(lossChart(epochs).markup)).to.contain('2 0.600 0.500 90.0 % 0.05');
  });

  it('is there before the first epoch, and of losses of zero', () => {
    expect(textOf(lossChart([]).markup)).to.contain('No epoch has ended yet.');
    const zero = epochs.slice(0, 1).map((epoch) => ({ ...epoch, trainLoss: 0, validationLoss: 0 }));
    expect(lossChart(zero).markup).to.not.contain('NaN');
  });
});

describe('versionTable', () => {
  const head = readTrainedHead(HEAD_JSON);
  if (head === undefined) throw new Error('Expected a head.');

  it('lists each version with its accuracy before and after, and which is live', () => {
    const text = textOf(versionTable(head, false).markup);
    expect(text).to.contain('abababab live trained 2026-01-31 12:34 UTC 40 70.0 % → 90.0 %');
    expect(text).to.contain('0 built in – –').and.to.not.contain('Make live');
  });

  it('offers to go back to every other version, 0 among them', () => {
    const { markup } = versionTable(head, true);
    const offered = [...markup.matchAll(/data-version="([^"]+)"/g)].map(([, version]) => version);
    expect(offered).to.deep.equal(['0']);
  });

  it('says that a head was not trained', () => {
    expect(textOf(versionTable({ ...head, versions: [] }, true).markup)).to.contain('not trained yet');
    expect(readTrainedHead({ detail: 'There is none.' })).to.equal(undefined);
  });
});

describe('trainingExplanation', () => {
  it('names the commands that turn training on, and is absent where it is', () => {
    const text = (state: 'off' | 'absent' | 'away') => textOf(trainingExplanation(state)?.markup ?? '');
    expect(text('absent')).to.contain('npm start').and.to.contain('faas-cli up -f stack.trainer.yml');
    expect(text('off')).to.contain('npm run secrets').and.to.contain('TRAINER_TOKEN=');
    expect(text('away')).to.contain('does not answer').and.to.contain('stack.trainer.yml');
    expect(trainingExplanation('on')).to.equal(undefined);
  });
});
