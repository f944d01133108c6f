import type { HoldOut } from '../../../../functions/frontend/view/training-record.ts';

/** Figures of ten pictures of two labels, one of which was taken for the other. */
export const HOLD_OUT_JSON = {
  n: 10,
  accuracy: { value: 0.9, interval: [0.6, 0.98] },
  precision: 0.92,
  recall: 0.9,
  f1: 0.89,
  logLoss: 0.25,
  classes: [
    { label: 'cat', precision: 1, recall: 0.8, f1: 0.89, support: 5 },
    { label: 'dog', precision: 0.83, recall: 1, f1: 0.91, support: 5 },
  ],
  confusion: {
    labels: ['cat', 'dog'],
    cells: [
      [0, 0, 4],
      [0, 1, 1],
      [1, 1, 5],
    ],
  },
};

export const HOLD_OUT: HoldOut = {
  n: 10,
  accuracy: 0.9,
  interval: [0.6, 0.98],
  precision: 0.92,
  recall: 0.9,
  f1: 0.89,
  logLoss: 0.25,
  classes: HOLD_OUT_JSON.classes,
  labels: ['cat', 'dog'],
  cells: [
    [0, 0, 4],
    [0, 1, 1],
    [1, 1, 5],
  ],
};
