import type { Trial } from './try-image.ts';

const MB = 1e6;
const MIB = 2 ** 20;

/** Size of an image as the engine stores it, and of our part of it, in bytes. */
export interface ImageSize {
  readonly name: string;
  readonly totalBytes: number;
  readonly ownBytes: number;
}

/** Sizes in Markdown, as docs/kubernetes.md has them. */
export function sizesTable(sizes: readonly ImageSize[]): string {
  const rows = sizes.map(({ name, totalBytes, ownBytes }) =>
    line([name, `${megabytes(totalBytes)} MB`, `${megabytes(ownBytes)} MB`]),
  );
  return [line(['image', 'whole', 'of it ours']), line(['---', '---', '---']), ...rows].join('\n');
}

/** What the trials came to, in Markdown. */
export function trialsTable(trials: readonly Trial[]): string {
  const rows = trials.map(({ name, sent, turnedAway, peakBytes, limitBytes }) =>
    line([
      name,
      String(sent),
      String(turnedAway),
      `${(peakBytes / MIB).toFixed(0)} MiB`,
      `${(limitBytes / MIB).toFixed(0)} MiB`,
      `${((100 * peakBytes) / limitBytes).toFixed(0)} %`,
    ]),
  );
  const head = ['image', 'requests', 'turned away', 'most memory', 'limit', 'share'];
  return [line(head), line(head.map(() => '---')), ...rows].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function megabytes(bytes: number): string {
  return (bytes / MB).toFixed(0);
}
