import type { ArtilleryReport } from './summary.ts';

/** One run of a scenario, by what differed in it. */
export interface Run {
  /** `1 replica`, `3 replicas`. */
  readonly title: string;
  readonly seconds: number;
  readonly report: ArtilleryReport;
}

/** Runs side by side in Markdown: answers a second, refusals, and percentiles in ms of what was answered 200. */
export function compareRuns(runs: readonly Run[]): string {
  const rows = [
    ['requests', (run: Run) => String(count(run, 'http.requests'))],
    ['answered 200, a second', (run: Run) => (count(run, 'http.codes.200') / run.seconds).toFixed(1)],
    ['turned away (429)', (run: Run) => share(count(run, 'http.codes.429'), count(run, 'http.requests'))],
    ['failed otherwise', (run: Run) => String(failures(run))],
    ['median, ms', (run: Run) => percentile(run, 'median')],
    ['p95, ms', (run: Run) => percentile(run, 'p95')],
    ['p99, ms', (run: Run) => percentile(run, 'p99')],
  ] as const;
  return [
    line(['', ...runs.map(({ title }) => title)]),
    line(['---', ...runs.map(() => '---')]),
    ...rows.map(([title, cell]) => line([title, ...runs.map(cell)])),
  ].join('\n');
}

function count({ report }: Run, name: string): number {
  return report.aggregate.counters[name] ?? 0;
}

/** Requests that ended in neither 200 nor 429. */
function failures(run: Run): number {
  return count(run, 'http.requests') - count(run, 'http.codes.200') - count(run, 'http.codes.429');
}

function percentile({ report }: Run, name: 'median' | 'p95' | 'p99'): string {
  const figures = report.aggregate.summaries?.['http.response_time.2xx'];
  return figures === undefined ? '–' : figures[name].toFixed(0);
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0.0 %' : `${((100 * part) / whole).toFixed(1)} %`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
