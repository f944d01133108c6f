import { isHttpAddress } from './http-address.ts';

/**
 * Settings from an environment that is passed in as a value. Each reader names its default; a malformed value never
 * falls back to it, and `settings.check()` reports every bad one together.
 *
 * @example
 * const read = new SettingsReader(env);
 * const config = { maxQueue: read.integer('max_queue', { default: 64, min: 1, max: 10_000 }) };
 * read.check();
 */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface NumberRange {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

type Units = Readonly<Record<string, number>>;

const PLAIN: Units = { '': 1 };
const BYTE_UNITS: Units = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const DURATION_UNITS: Units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

export class SettingsReader {
  readonly #env: Environment;
  readonly #problems: string[] = [];

  constructor(env: Environment) {
    this.#env = env;
  }

  /** Any text; an empty variable counts as absent, as `docker -e NAME=` leaves it. */
  text(name: string, fallback: string): string {
    return this.#value(name) ?? fallback;
  }

  /** A comma-separated list; blanks around an entry do not count. */
  list(name: string): readonly string[] {
    return (this.#value(name) ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  }

  /** Origins of pages, with commas, as browsers send them; or `*` for all. */
  origins(name: string): readonly string[] {
    const origins = this.list(name);
    const wrong = origins.find(
      (entry) => entry !== '*' && !(URL.canParse(entry) && new URL(entry).origin === entry),
    );
    if (wrong !== undefined) this.#reject(name, 'origins such as https://example.com', wrong);
    return origins;
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.#value(name);
    if (value === undefined) return fallback;
    if (value === 'true' || value === 'false') return value === 'true';
    this.#reject(name, 'true or false', value);
    return fallback;
  }

  integer(name: string, range: NumberRange): number {
    return this.#number(name, range, { kind: 'a whole number', scale: wholeNumber, units: PLAIN });
  }

  /** Bytes: a plain number, or one with `KiB`, `MiB`, `GiB`. */
  bytes(name: string, range: NumberRange): number {
    return this.#number(name, range, {
      kind: 'a size such as 10MiB',
      scale: (text) => withUnit(text, BYTE_UNITS),
      units: BYTE_UNITS,
    });
  }

  /** Milliseconds, written as OpenFaaS writes durations: `500ms`, `10s`, `1m`, `1h`. */
  durationMs(name: string, range: NumberRange): number {
    return this.#number(name, range, {
      kind: 'a duration such as 10s',
      scale: (text) => withUnit(text, DURATION_UNITS),
      units: DURATION_UNITS,
    });
  }

  /** An absolute http or https URL, without its trailing slash. */
  url(name: string, fallback: string): string {
    const value = this.#value(name) ?? fallback;
    if (!isHttpAddress(value)) {
      this.#reject(name, 'an http:// or https:// URL', value);
    }
    return value.replace(/\/+$/, '');
  }

  /** Reports bytes that could never be used, since another setting allows fewer. */
  bytesWithin(
    smaller: readonly [name: string, bytes: number],
    larger: readonly [name: string, bytes: number],
  ): void {
    if (smaller[1] <= larger[1]) return;
    const [received, allowed] = [smaller[1], larger[1]].map((bytes) => inUnit(bytes, BYTE_UNITS));
    this.#problems.push(`Expected ${smaller[0]} (${received}) to be at most ${larger[0]} (${allowed}).`);
  }

  /** @throws Error that names every setting that was malformed. */
  check(): void {
    if (this.#problems.length > 0) throw new Error(`Settings are not usable. ${this.#problems.join(' ')}`);
  }

  #value(name: string): string | undefined {
    const value = this.#env[name]?.trim();
    return value === '' ? undefined : value;
  }

  #number(
    name: string,
    range: NumberRange,
    reader: { kind: string; scale: (text: string) => number; units: Units },
  ): number {
    const value = this.#value(name);
    if (value === undefined) return range.default;
    const number = reader.scale(value);
    if (number >= range.min && number <= range.max) return number;
    const [min, max] = [range.min, range.max].map((bound) => inUnit(bound, reader.units));
    this.#reject(name, `${reader.kind} from ${min} to ${max}`, value);
    return range.default;
  }

  #reject(name: string, expected: string, value: string): void {
    this.#problems.push(`Expected ${expected} for ${name} but received ${JSON.stringify(value)}.`);
  }
}

function wholeNumber(text: string): number {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : NaN;
}

/** `10MiB` → 10 485 760; NaN for anything else, which no range admits. */
function withUnit(text: string, units: Units): number {
  const match = /^(\d{1,12}(?:\.\d{1,3})?)\s?([A-Za-z]*)$/.exec(text);
  const factor = units[match?.[2] ?? '?'];
  return factor === undefined ? NaN : Math.round(Number(match?.[1]) * factor);
}

/** The same number as it is written in a setting, in the largest unit that leaves it whole: 10 000 → `10s`. */
function inUnit(number: number, units: Units): string {
  const [unit, factor] = Object.entries(units)
    .filter(([, size]) => number % size === 0 && number >= size)
    .sort(([, a], [, b]) => b - a)[0] ?? ['', 1];
  return `${number / factor}${unit}`;
}
