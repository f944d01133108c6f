import { invalidFields, quote } from '../../../shared/core/errors.ts';

/**
 * The query of a request that changes something. A name that is mistyped must not count as none: all examples would be
 * deleted where those of a label were meant.
 * @param known names that the route takes
 * @throws AppError `bad-request` that names all others
 */
export function optionsOf(request: Request, known: readonly string[]): URLSearchParams {
  const query = new URL(request.url).searchParams;
  const others = [...new Set(query.keys())].filter((name) => !known.includes(name));
  if (others.length === 0) return query;
  const expected = known.length === 0 ? 'no option' : `one of ${known.join(', ')} as an option`;
  throw invalidFields(
    others.map((field) => ({ field, message: `Expected ${expected} but received ${quote(field)}.` })),
  );
}
