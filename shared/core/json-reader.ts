import type { FieldError } from './errors.ts';
import { describeValue, FormatError } from './format-error.ts';

export interface NumberBounds {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}

export interface TextRule {
  readonly pattern: RegExp;
  /** Completes *Expected …*. */
  readonly expected: string;
}

/** Any text that is not blank, on one line. */
export const ANY_TEXT: TextRule = {
  pattern: /^(?=.*\S)\P{Cc}{1,500}$/u,
  expected: 'a text of 1 to 500 characters',
};

/**
 * Reads parsed JSON that nobody has checked yet. Each reader returns a value of the right type even where it found
 * something else, and notes the problem; `check()` then reports all of them together.
 *
 * @example
 * const read = new JsonReader('bundle.json');
 * const members = read.object(json, 'bundle.json');
 * const scale = read.number(members.logitScale, 'logitScale', { min: 1, max: 100 });
 * read.check();
 */
export class JsonReader {
  readonly #file: string;
  readonly #problems: FieldError[] = [];

  /** @param file names the source in the error's message. */
  constructor(file: string) {
    this.#file = file;
  }

  object(value: unknown, field: string): Readonly<Record<string, unknown>> {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    this.reject(field, 'an object', value);
    return {};
  }

  list(value: unknown, field: string, size: { min: number; max: number }): readonly unknown[] {
    if (Array.isArray(value) && value.length >= size.min && value.length <= size.max) return value;
    const range = size.min === size.max ? String(size.min) : `${size.min} to ${size.max}`;
    this.reject(field, `a list of ${range}`, value);
    return [];
  }

  text(value: unknown, field: string, rule: TextRule = ANY_TEXT): string {
    if (typeof value === 'string' && rule.pattern.test(value)) return value;
    this.reject(field, rule.expected, value);
    return '';
  }

  /** A finite number within bounds that are both allowed. */
  number(value: unknown, field: string, bounds: NumberBounds): number {
    const isWhole = bounds.integer !== true || Number.isInteger(value);
    if (typeof value === 'number' && isWhole && value >= bounds.min && value <= bounds.max) return value;
    const kind = bounds.integer === true ? 'a whole number' : 'a number';
    this.reject(field, `${kind} from ${bounds.min} to ${bounds.max}`, value);
    return bounds.min;
  }

  boolean(value: unknown, field: string): boolean {
    if (typeof value === 'boolean') return value;
    this.reject(field, 'true or false', value);
    return false;
  }

  /** Notes *Expected X for `field` but received Y*. */
  reject(field: string, expected: string, received: unknown): void {
    const message = `Expected ${expected} for \`${field}\` but received ${describeValue(received)}.`;
    this.#problems.push({ field, message });
  }

  /** @throws FormatError that names every field that was wrong. */
  check(): void {
    if (this.#problems.length > 0) throw new FormatError(this.#file, this.#problems);
  }
}
