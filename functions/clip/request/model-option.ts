import type { FieldError } from '../../../shared/core/errors.ts';
import { invalidRequest } from './invalid-request.ts';
import type { RawOptions } from './raw-options.ts';
import { readSingle, unknownOptions } from './option-rules.ts';

/** For routes that know `model` alone. @throws AppError bad-request naming every invalid field */
export function readModelOption(raw: RawOptions, errors: readonly FieldError[] = []): string | undefined {
  const found = [...errors, ...unknownOptions(raw, ['model'])];
  const model = readSingle(raw, 'model', found);
  if (found.length > 0) throw invalidRequest(found);
  return model;
}
