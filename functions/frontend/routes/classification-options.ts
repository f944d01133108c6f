import { invalidFields, quote, type FieldError } from '../../../shared/core/errors.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

/** The options of `clip`. */
const KNOWN = ['head', 'labels', 'model', 'template', 'top'];
/** They may be given again only if they say the same. */
const SINGLE = ['model', 'template', 'top'];
/** Of the page's own form: which sample, where no picture is sent. */
const SAMPLE = 'sample';
/** More than anybody mends at once; a form may have hundreds. */
const MOST_ERRORS = 20;

/**
 * The options of a classification, from its query and its form as `clip` takes them: what stands in both says the same in
 * both, and nothing unknown passes. Blank values are what an untouched form sends, and count as absent.
 * @returns names and values, each list once
 * @throws  AppError bad-request naming every invalid option
 */
export function classificationOptions(query: Iterable<readonly [string, string]>, form: Pairs): Pairs {
  const inQuery = [...query].filter(isFilled);
  const inForm = form.filter(isFilled).filter(([name]) => name !== SAMPLE);
  const names = [...new Set([...inQuery, ...inForm].map(([name]) => name))];
  const errors = names.flatMap((name): readonly FieldError[] => {
    if (!KNOWN.includes(name)) return [unknown(name)];
    const [first, second] = [valuesOf(name, inQuery), valuesOf(name, inForm)];
    const isSaidTwice = first.length > 0 && second.length > 0 && listOf(first) !== listOf(second);
    const values = [...new Set([...first, ...second])];
    return isSaidTwice || (SINGLE.includes(name) && values.length > 1) ? [contradiction(name, values)] : [];
  });
  if (errors.length > 0) throw invalidFields(errors.slice(0, MOST_ERRORS));
  const inBoth = new Set(inForm.map(([name]) => name));
  return [...inQuery.filter(([name]) => !inBoth.has(name)), ...inForm];
}

function isFilled([, value]: readonly [string, string]): boolean {
  return value.trim() !== '';
}

function valuesOf(name: string, pairs: Pairs): readonly string[] {
  return pairs.filter(([known]) => known === name).map(([, value]) => value.trim());
}

/** `a,b` given once and `a` and `b` given one by one are the same list. */
function listOf(values: readonly string[]): string {
  const entries = values.length > 1 ? values : values.flatMap((value) => value.split(','));
  return [...new Set(entries.map((entry) => entry.trim()))].join('\0');
}

function unknown(name: string): FieldError {
  return {
    field: name.slice(0, 100),
    message: `Expected one of ${KNOWN.join(', ')} as an option but received ${quote(name)}.`,
  };
}

function contradiction(name: string, values: readonly string[]): FieldError {
  const received = values.slice(0, 2).map(quote).join(' and ');
  return { field: name, message: `Expected one value for \`${name}\` but received ${received}.` };
}
