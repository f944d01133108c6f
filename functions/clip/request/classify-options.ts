import { AppError, quote, type FieldError } from '../../../shared/core/errors.ts';
import type { HeadDefinition } from '../../../shared/core/head.ts';
import { ownLabels } from '../../../shared/core/own-labels.ts';
import { invalidRequest } from './invalid-request.ts';
import { listOf, type RawOption, type RawOptions } from './raw-options.ts';
import { readSingle, unknownOptions } from './option-rules.ts';

/** What is asked about a picture. */
export interface ClassifyOptions {
  /** Ids, each once; empty for the default head. */
  readonly heads: readonly string[];
  /** Own labels in place of heads. */
  readonly ownLabels: HeadDefinition | undefined;
  /** Predictions of each answer. */
  readonly top: number;
  /** Undefined for the default model. */
  readonly model: string | undefined;
}

export const DEFAULT_TOP = 5;
export const MAX_TOP = 1_000;

/**
 * @param errors found before, while the request was taken apart; all are reported together
 * @throws AppError bad-request naming every invalid field
 */
export function readClassifyOptions(
  raw: RawOptions,
  { maxHeads, errors = [] }: { maxHeads: number; errors?: readonly FieldError[] },
): ClassifyOptions {
  const found: FieldError[] = [
    ...errors,
    ...unknownOptions(raw, ['head', 'labels', 'model', 'template', 'top']),
  ];
  const options: ClassifyOptions = {
    heads: readHeads(raw.get('head'), maxHeads, found),
    ownLabels: readOwnLabels(raw, found),
    top: readTop(raw, found),
    model: readSingle(raw, 'model', found),
  };
  if (raw.has('head') && raw.has('labels')) {
    found.push({ field: 'labels', message: 'Expected `head` or `labels` but received both.' });
  }
  if (found.length > 0) throw invalidRequest(found);
  return options;
}

function readHeads(raw: RawOption | undefined, maxHeads: number, errors: FieldError[]): readonly string[] {
  const heads = [...new Set(raw?.values.map((value) => value.trim()))];
  if (heads.length > maxHeads) {
    errors.push({
      field: 'head',
      message: `Expected at most ${maxHeads} heads for \`head\` but received ${heads.length}.`,
    });
  }
  return heads;
}

function readTop(raw: RawOptions, errors: FieldError[]): number {
  const text = readSingle(raw, 'top', errors);
  if (text === undefined) return DEFAULT_TOP;
  const top = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (top >= 1 && top <= MAX_TOP) return top;
  const message = `Expected a whole number from 1 to ${MAX_TOP} for \`top\` but received ${quote(text)}.`;
  errors.push({ field: 'top', message });
  return DEFAULT_TOP;
}

function readOwnLabels(raw: RawOptions, errors: FieldError[]): HeadDefinition | undefined {
  const labels = raw.get('labels');
  const template = readSingle(raw, 'template', errors);
  if (labels === undefined) {
    if (template !== undefined) {
      errors.push({ field: 'template', message: 'Expected `labels` beside `template` but received none.' });
    }
    return undefined;
  }
  try {
    return ownLabels(listOf(labels), template);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    errors.push(...error.fields);
    return undefined;
  }
}
