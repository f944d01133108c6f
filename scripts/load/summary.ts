/** What of Artillery's JSON report the summary reads; see `artillery run --output`. */
export interface ArtilleryReport {
  readonly aggregate: {
    readonly counters: Readonly<Record<string, number>>;
    readonly rates?: Readonly<Record<string, number>>;
    readonly summaries?: Readonly<Record<string, Percentiles>>;
  };
}

interface Percentiles {
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Histograms worth a row, in the order of the table. */
const HISTOGRAMS: readonly { key: string; title: string }[] = [
  { key: 'http.response_time', title: 'all' },
  { key: 'http.response_time.2xx', title: '2xx' },
  { key: 'http.response_time.4xx', title: '4xx' },
  { key: 'cold.response_time', title: 'first (cold)' },
  { key: 'warm.response_time', title: 'later (warm)' },
];

/**
 * A load test in Markdown: how many requests came to which end, the share turned away, and percentiles in ms.
 * @example summarise(report, { scenario: 'smoke', target: 'http://127.0.0.1:8080' })
 */
export function summarise(report: ArtilleryReport, run: { scenario: string; target: string }): string {
  const { counters, summaries = {} } = report.aggregate;
  const requests = counters['http.requests'] ?? 0;
  const refused = counters['http.codes.429'] ?? 0;
  const facts = [
    ['requests', String(requests)],
    ['users that failed', String(counters['vusers.failed'] ?? 0)],
    ['turned away (429)', `${refused} (${percent(refused, requests)})`],
    ...rowsUnder(counters, 'http.codes.', 'status '),
    ...rowsUnder(counters, 'errors.', 'error '),
  ];
  const times = HISTOGRAMS.flatMap(({ key, title }) => {
    const row = summaries[key];
    return row === undefined
      ? []
      : [[title, ...[row.min, row.median, row.p95, row.p99, row.max].map(String)]];
  });
  return [
    `## ${run.scenario} against ${run.target}`,
    table(['what', 'count'], facts),
    table(['response time, ms', 'min', 'median', 'p95', 'p99', 'max'], times),
  ].join('\n\n');
}

function rowsUnder(counters: Readonly<Record<string, number>>, prefix: string, title: string): string[][] {
  return Object.entries(counters)
    .filter(([key]) => key.startsWith(prefix))
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, count]) => [`${title}${key.slice(prefix.length)}`, String(count)]);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0.0 %' : `${((100 * part) / whole).toFixed(1)} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
