import { expect } from 'chai';
import { describeEvent, describeResult } from '../../../scripts/train/summary.ts';
import type { HoldOutFigures } from '../../../shared/core/training/hold-out-figures.ts';

const after: HoldOutFigures = {
  n: 10,
  accuracy: { value: 0.9, interval: [0.596, 0.982] },
  precision: 0.917,
  recall: 0.9,
  f1: 0.899,
  logLoss: 0.25,
  classes: [],
  confusion: { labels: [], cells: [] },
};
const version = `sha256:${'ab'.repeat(32)}`;

describe('what a training says', () => {
  it('is a line for each event', () => {
    const pictures = { train: 54, validation: 18, holdOut: 18 };
    expect(describeEvent({ event: 'start', data: { pictures } })).to.equal(
      'Learning from 54 pictures; 18 say when to stop, 18 are kept back to measure with.',
    );
    expect(describeEvent({ event: 'embedding', data: { done: 3, total: 9 } })).to.contain('3 of 9');
    const epoch = {
      epoch: 7,
      trainLoss: 0.5,
      validationLoss: 0.4,
      validationAccuracy: 0.9,
      learningRate: 0.05,
    };
    expect(describeEvent({ event: 'epoch', data: epoch })).to.equal(
      'epoch   7  training loss 0.500  validation loss 0.400  accuracy 90.0 %  learning rate 0.05',
    );
    expect(describeEvent({ event: 'done', data: {} })).to.equal(undefined);
  });

  it('is a table of before and after at its end', () => {
    const before = { ...after, accuracy: { ...after.accuracy, value: 0.7 }, logLoss: 0.75, recall: 0.9 };
    const text = describeResult('cat-dog', { version, before, after });
    expect(text).to.contain('cat-dog sha256:abababab is live.\nMeasured on 10 pictures that it did not see:');
    expect(text).to.match(/^accuracy +70\.0 % +90\.0 % +\+20\.0$/m);
    expect(text).to.match(/^recall +90\.0 % +90\.0 % +0\.0$/m);
    expect(text).to.match(/^log loss +0\.750 +0\.250 +-0\.500$/m);
    expect(text).to.contain('between 59.6 % and 98.2 % with 95 % certainty');
  });

  it('says that a head is new', () => {
    const text = describeResult('mine', { version, before: null, after });
    expect(text).to.contain('the head is new');
    expect(text).to.match(/^F1 +– +89\.9 % +–$/m);
  });
});
