import type { Answer } from './answer.ts';

/** A picture's name and everything that was answered about it. */
export interface NamedAnswers {
  readonly name: string;
  readonly answers: readonly Answer[];
}

const COLUMNS = [
  'file',
  'head',
  'rank',
  'label',
  'score',
  'similarity',
  'confident',
  'sha256',
  'model',
  'version',
];

/**
 * One line a label, ready for a spreadsheet.
 * @see RFC 4180
 */
export function answersToCsv(pictures: readonly NamedAnswers[]): string {
  const lines = pictures.flatMap(({ name, answers }) =>
    answers.flatMap((answer) =>
      answer.predictions.map((prediction, index) => [
        name,
        answer.head,
        index + 1,
        prediction.label,
        prediction.score,
        prediction.similarity ?? '',
        answer.confident,
        answer.image.sha256,
        answer.model.id,
        answer.version,
      ]),
    ),
  );
  return [COLUMNS, ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** Quoted where needed. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
