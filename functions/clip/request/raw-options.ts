import { quote, type FieldError } from '../../../shared/core/errors.ts';

/** Options as they were written: in the query, in form fields, or as members of a JSON body. */
export interface RawOption {
  readonly values: readonly string[];
  /** Given as a list (repeated, or a JSON array), so that a comma in a value is just a comma. */
  readonly isList: boolean;
}

/** A `Map`, so that no name can reach a prototype. */
export type RawOptions = ReadonlyMap<string, RawOption>;

/** Options of a query or of form fields: a name may stand several times. */
export function fromPairs(pairs: Iterable<readonly [string, string]>): RawOptions {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const known = values.get(name);
    // Not copied each time: a query of 60,000 times one name would hold up all requests for a minute.
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return new Map([...values].map(([name, list]) => [name, { values: list, isList: list.length > 1 }]));
}

/** Options of a JSON body: texts, numbers, and lists of texts. */
export function fromJson(members: Readonly<Record<string, unknown>>, errors: FieldError[]): RawOptions {
  const options = new Map<string, RawOption>();
  for (const [name, value] of Object.entries(members)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (values.every((entry) => typeof entry === 'string' || typeof entry === 'number')) {
      options.set(name, { values: values.map(String), isList: Array.isArray(value) });
    } else {
      const message = `Expected a text, a number or a list of texts for ${quote(name)} but received other JSON.`;
      errors.push({ field: name, message });
    }
  }
  return options;
}

/** `a,b,c` given once is three entries; a list is taken as it is. Blanks around an entry do not count. */
export function listOf({ values, isList }: RawOption): readonly string[] {
  const entries = isList ? values : values.flatMap((value) => value.split(','));
  return entries.map((entry) => entry.trim());
}

/** Both sources as one. What stands in both must be the same in both. */
export function mergeOptions(query: RawOptions, body: RawOptions, errors: FieldError[]): RawOptions {
  const merged = new Map(query);
  for (const [name, option] of body) {
    const other = merged.get(name);
    if (other !== undefined && listOf(other).join('\0') !== listOf(option).join('\0')) {
      const received = `${quote(other.values.join(','))} and ${quote(option.values.join(','))}`;
      errors.push({
        field: name,
        message: `Expected one value for ${quote(name)} but received ${received}.`,
      });
    }
    merged.set(name, option);
  }
  return merged;
}
