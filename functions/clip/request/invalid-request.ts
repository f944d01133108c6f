import { invalidFields, type AppError, type FieldError } from '../../../shared/core/errors.ts';

/** More than anybody mends at once; a request may have thousands. */
const MOST_FIELDS = 20;
const MOST_NAME_CHARACTERS = 100;

/** One bad request out of all its invalid fields, no larger than a person can read. */
export function invalidRequest(fields: readonly FieldError[]): AppError {
  const named = fields.slice(0, MOST_FIELDS).map(({ field, message }) => ({
    field: field.slice(0, MOST_NAME_CHARACTERS),
    message,
  }));
  const left = fields.length - named.length;
  if (left === 0) return invalidFields(named);
  return invalidFields([...named, { field: '', message: `And ${left} more fields are not valid.` }]);
}
