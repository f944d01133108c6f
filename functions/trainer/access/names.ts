import { AppError, invalidFields, quote } from '../../../shared/core/errors.ts';
import { HEAD_ID } from '../../../shared/core/head-definition.ts';
import { OWN_LABELS_ID } from '../../../shared/core/own-labels.ts';
import { TRAINED_LABEL, trainedLabel } from '../../../shared/core/trained-label.ts';

/** A network of its own on pixels: there are no embeddings to train it on. */
const DIGITS = 'digits';
const SHA256 = /^[0-9a-f]{64}$/;

/** @throws AppError `bad-request` for what is no id of a head, and for the two that cannot be trained */
export function parseHeadId(text: string): string {
  if (!HEAD_ID.pattern.test(text)) throw invalid('head', HEAD_ID.expected, text);
  if (text === DIGITS) {
    throw new AppError(
      'bad-request',
      'The head digits cannot be trained: it reads pixels, not embeddings. Choose another name.',
    );
  }
  if (text === OWN_LABELS_ID) {
    throw new AppError(
      'bad-request',
      'The name labels is reserved for labels that come with a request. Choose another name.',
    );
  }
  return text;
}

/**
 * @param texts all values of `label` in the query
 * @returns the label without blanks around it, and in one form where Unicode has several
 * @throws AppError `bad-request` for none, for two that differ, and for what is no label
 */
export function parseLabel(texts: readonly string[]): string {
  const [text, ...others] = new Set(texts);
  if (text === undefined) throw invalid('label', `${TRAINED_LABEL.expected} as in ?label=cat`, undefined);
  const [other] = others;
  if (other !== undefined) throw twoLabels(text, other);
  const label = trainedLabel(text);
  if (label !== undefined) return label;
  throw invalid('label', TRAINED_LABEL.expected, text);
}

/**
 * A label that a form gives beside the query's.
 * @throws AppError `bad-request` where it is another one
 */
export function checkSameLabel(text: string, label: string): void {
  if (trainedLabel(text) !== label) throw twoLabels(label, text);
}

/** @throws AppError `not-found`, since it stands in the path */
export function parseSha256(text: string): string {
  if (SHA256.test(text)) return text;
  throw new AppError('not-found', `Expected a SHA-256 of 64 hexadecimal digits but received ${quote(text)}.`);
}

function twoLabels(one: string, other: string): AppError {
  const message = `Expected one value for \`label\` but received ${quote(one)} and ${quote(other)}.`;
  return invalidFields([{ field: 'label', message }]);
}

function invalid(field: string, expected: string, received: string | undefined): AppError {
  const message = `Expected ${expected} for \`${field}\` but received ${quote(received)}.`;
  return invalidFields([{ field, message }]);
}
