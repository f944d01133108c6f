/**
 * @param share 0…1; between two values the nearer one (nearest rank)
 * @example percentile([3, 1, 2], 0.5) // 2
 * @throws RangeError for no values
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
  if (value === undefined) throw new RangeError('Expected a value but received none.');
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
