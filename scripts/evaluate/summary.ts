import type { ClassFigures, EvaluationReport, Proportion } from '../../shared/core/evaluation-report.ts';

const CLASSES_SHOWN = 5;

/** A report in a screenful: figures with their intervals, the hardest labels, the commonest confusions. */
export function summarise(report: EvaluationReport): string {
  const { model, head, kind, data, calibration } = report;
  return [
    `${head} (${kind}) of ${model.id} on ${data}, ${report.n} pictures`,
    '',
    ...table([
      ['top-1', interval(report.top1)],
      ['top-5', interval(report.top5)],
      ['majority baseline', percent(report.baseline)],
      ['log loss', `${report.loss.toFixed(3)} nats`],
      ['macro precision, recall, F1', Object.values(report.macro).map(percent).join(', ')],
      ['calibration error', `${percent(calibration.eceBefore)}, ${atTemperature(report)}`],
    ]),
    '',
    'hardest labels            precision   recall       F1  pictures',
    ...hardest(report.classes).map(classLine),
    '',
    'taken for each other',
    ...confusions(report).map((line) => `  ${line}`),
    ...leftOut(report),
  ].join('\n');
}

/** @example percent(0.7312) // '73.1 %' */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function interval({ value, interval: [low, high] }: Proportion): string {
  return `${percent(value)}  (${percent(low)} … ${percent(high)}, 95 %)`;
}

function atTemperature({ calibration }: EvaluationReport): string {
  return `${percent(calibration.ece)} at temperature ${calibration.temperature.toFixed(2)}`;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function hardest(classes: readonly ClassFigures[]): readonly ClassFigures[] {
  return classes
    .filter(({ support }) => support > 0)
    .sort((a, b) => a.f1 - b.f1 || b.support - a.support)
    .slice(0, CLASSES_SHOWN);
}

function classLine({ label, precision, recall, f1, support }: ClassFigures): string {
  const figures = [percent(precision), percent(recall), percent(f1), String(support)];
  return `${label.slice(0, 25).padEnd(26)}${figures.map((figure) => figure.padStart(9)).join('')}`;
}

function confusions({ confusion }: EvaluationReport): string[] {
  const { labels, cells } = confusion;
  const wrong = cells.filter(([truth, predicted]) => truth !== predicted).sort((a, b) => b[2] - a[2]);
  if (wrong.length === 0) return ['none'];
  return wrong
    .slice(0, CLASSES_SHOWN)
    .map(([truth, predicted, count]) => `${labels[truth] ?? ''} → ${labels[predicted] ?? ''}: ${count}`);
}

function leftOut({ unreadable, unknown }: EvaluationReport): string[] {
  const lines = [
    ...(unreadable > 0 ? [`Not counted: ${unreadable} files that could not be read.`] : []),
    ...(unknown > 0 ? [`Not counted: ${unknown} pictures of labels that the head has not.`] : []),
  ];
  return lines.length > 0 ? ['', ...lines] : [];
}
