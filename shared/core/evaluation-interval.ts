import type { Proportion } from './evaluation-report.ts';

/** 97.5th percentile of the standard normal distribution: two sides of 2.5 % each. */
const Z95 = 1.959963984540054;

/**
 * A share with its 95 % interval by Wilson, which holds near 0 and 1 and for few trials, unlike ± 1.96 standard errors.
 *
 * @example proportion(8, 10) // 0.8 within 0.490…0.943
 * @throws RangeError unless 0 ≤ hits ≤ trials and trials > 0
 * @see Wilson 1927, Probable inference, the law of succession, and statistical inference
 */
export function proportion(hits: number, trials: number): Proportion {
  if (!(trials > 0 && hits >= 0 && hits <= trials)) {
    throw new RangeError(`Expected hits from 0 to trials, and a trial, but received ${hits} of ${trials}.`);
  }
  const value = hits / trials;
  const z2 = Z95 ** 2 / trials;
  const centre = (value + z2 / 2) / (1 + z2);
  const half = (Z95 / (1 + z2)) * Math.sqrt((value * (1 - value)) / trials + z2 / (4 * trials));
  return { value, interval: [Math.max(0, centre - half), Math.min(1, centre + half)] };
}
