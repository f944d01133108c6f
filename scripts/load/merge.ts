import type { ArtilleryReport } from './summary.ts';

type Aggregate = ArtilleryReport['aggregate'];

/** What stands before a report on its line: pods of a Job write theirs among other lines of a log. */
const MARK = 'REPORT ';

/**
 * A report on one line, for a log that others write to as well.
 * @example reportLine(report) // 'REPORT {"aggregate":{"counters":{"http.requests":3}}}'
 */
export function reportLine({ aggregate }: ArtilleryReport): string {
  const { counters, rates = {}, summaries = {} } = aggregate;
  return MARK + JSON.stringify({ aggregate: { counters, rates, summaries } });
}

/** All reports of a log. */
export function reportsIn(log: string): readonly ArtilleryReport[] {
  return log
    .split('\n')
    .filter((line) => line.includes(MARK))
    .map((line) => JSON.parse(line.slice(line.indexOf(MARK) + MARK.length)) as ArtilleryReport);
}

/**
 * Several senders as one: counters and rates added up; of each percentile the worst sender's, since percentiles cannot be
 * added, so that the whole is never told better than it was.
 * @throws RangeError for no report at all
 */
export function mergeReports(reports: readonly ArtilleryReport[]): ArtilleryReport {
  if (reports.length === 0) throw new RangeError('Expected at least one report but received none.');
  const aggregates = reports.map(({ aggregate }) => aggregate);
  const summaries: Record<string, NonNullable<Aggregate['summaries']>[string]> = {};
  for (const one of aggregates) {
    for (const [name, figures] of Object.entries(one.summaries ?? {})) {
      const known = summaries[name] ?? figures;
      summaries[name] = {
        min: Math.min(known.min, figures.min),
        median: Math.max(known.median, figures.median),
        p95: Math.max(known.p95, figures.p95),
        p99: Math.max(known.p99, figures.p99),
        max: Math.max(known.max, figures.max),
      };
    }
  }
  return {
    aggregate: {
      counters: added(aggregates.map(({ counters }) => counters)),
      rates: added(aggregates.map(({ rates = {} }) => rates)),
      summaries,
    },
  };
}

function added(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const one of all)
    for (const [name, value] of Object.entries(one)) sums[name] = (sums[name] ?? 0) + value;
  return sums;
}
