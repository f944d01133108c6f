/** One line of the result: what was measured, beside a baseline of the same run. */
export interface BenchRow {
  readonly what: string;
  readonly value: string;
  /** What is compared with, and its value. */
  readonly baseline: string;
  /** Value over baseline, where they are of one kind. */
  readonly ratio?: number;
  readonly goal?: string;
  /** Whether the goal was met. */
  readonly isMet?: boolean;
}

/** An aligned Markdown table: readable as it is printed. */
export function markdownTable(rows: readonly BenchRow[]): string {
  const cells = [
    ['measured', 'value', 'baseline', 'ratio', 'goal', ''],
    ...rows.map(({ what, value, baseline, ratio, goal = '', isMet }) => [
      what,
      value,
      baseline,
      ratio === undefined ? '' : ratio.toFixed(2),
      goal,
      isMet === undefined ? '' : isMet ? 'met' : 'missed',
    ]),
  ];
  const widths = Array.from({ length: 6 }, (_, column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [header = [], ...body] = cells;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** @example milliseconds(4.83) // '4.8 ms' */
export function milliseconds(ms: number): string {
  return `${ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}
