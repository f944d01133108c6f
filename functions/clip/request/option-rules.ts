/** What holds for the options of every route. */
import { quote, type FieldError } from '../../../shared/core/errors.ts';
import type { RawOptions } from './raw-options.ts';

/** One error for each option that the route does not know. */
export function unknownOptions(raw: RawOptions, known: readonly string[]): readonly FieldError[] {
  const expected = known.join(', ');
  return [...raw.keys()]
    .filter((name) => !known.includes(name))
    .map((field) => ({
      field,
      message: `Expected one of ${expected} as an option but received ${quote(field)}.`,
    }));
}

/** An option that may be given twice only if it says the same. */
export function readSingle(raw: RawOptions, name: string, errors: FieldError[]): string | undefined {
  const values = [...new Set(raw.get(name)?.values)];
  if (values.length > 1) {
    const others = values.length > 2 ? ` and ${values.length - 2} more` : '';
    const received = `${quote(values[0])} and ${quote(values[1])}${others}`;
    errors.push({ field: name, message: `Expected one value for \`${name}\` but received ${received}.` });
  }
  return values[0];
}
