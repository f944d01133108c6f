import { quote, type FieldError } from './errors.ts';

/**
 * A file that belongs to the installation (bundle, head, configuration) is malformed. It is the operator's to mend and
 * no caller's fault: at start-up it ends the start, in a request it is a 500.
 */
export class FormatError extends Error {
  /** Every field that is wrong, not only the first. */
  readonly fields: readonly FieldError[];

  constructor(file: string, fields: readonly FieldError[]) {
    super(`${file} is not usable. ${fields.map((field) => field.message).join(' ')}`);
    this.name = 'FormatError';
    this.fields = fields;
  }
}

/** A received JSON value in an error message: `224`, `"wide"`, `an array of 2`, `an object`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null ? 'null' : 'an object';
}
