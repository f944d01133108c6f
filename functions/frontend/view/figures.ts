/** Figures as people read them: rounded without saying more than is known. Blanks before units are thin and do not break. */
const THIN = '\u202F';

/**
 * A score with one decimal, never a false 0 or 100.
 *
 * @param score 0…1
 * @example percent(0.8123) // '81.2 %'
 * @example percent(0.0004) // '< 0.1 %'
 * @example percent(0.9999) // '> 99.9 %'
 */
export function percent(score: number): string {
  if (!(score >= 0.0005)) return `<${THIN}0.1${THIN}%`;
  if (score >= 0.9995) return `>${THIN}99.9${THIN}%`;
  return `${(100 * score).toFixed(1)}${THIN}%`;
}

/**
 * A share that was counted, with one decimal: of five pictures all five are 100 %.
 *
 * @param value 0…1
 * @example share(1) // '100.0 %'
 */
export function share(value: number): string {
  return `${(100 * value).toFixed(1)}${THIN}%`;
}

/** A cosine with three decimals and a true minus sign. */
export function similarity(cosine: number): string {
  return cosine.toFixed(3).replace('-', '−');
}

/**
 * Bytes in the unit that fits.
 *
 * @example byteCount(412_345) // '412 kB'
 */
export function byteCount(bytes: number): string {
  if (bytes < 1_000) return `${bytes}${THIN}B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)}${THIN}kB`;
  if (bytes < 999_950_000) return `${(bytes / 1_000_000).toFixed(1)}${THIN}MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)}${THIN}GB`;
}

/**
 * A limit of bytes: set in powers of two, and called by the round name that people know.
 *
 * @example sizeLimit(10 * 2 ** 20) // '10 MB'
 */
export function sizeLimit(bytes: number): string {
  return bytes >= 2 ** 20 ? `${Math.floor(bytes / 2 ** 20)}${THIN}MB` : byteCount(bytes);
}

/**
 * A whole number, in groups of three.
 *
 * @example count(12_345) // '12,345'
 */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/**
 * A time span in its two largest units.
 *
 * @example duration(7_512) // '2 h 5 min'
 */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const largest = UNITS.findIndex(([, size]) => whole >= size);
  if (largest === -1) return `0${THIN}s`;
  let rest = whole;
  const parts = UNITS.slice(largest, largest + 2).map(([unit, size]) => {
    const times = Math.floor(rest / size);
    rest -= times * size;
    return times === 0 ? '' : `${times}${THIN}${unit}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

/**
 * The first eight digits of a content hash: enough to tell versions apart.
 *
 * @example shortHash('sha256:0123456789abcdef') // '01234567'
 */
export function shortHash(hash: string): string {
  return hash.replace(/^sha256:/, '').slice(0, 8);
}

/** Milliseconds of a head's cost: one decimal below ten. */
export function milliseconds(ms: number): string {
  return `${ms < 0.05 ? `<${THIN}0.1` : ms < 10 ? ms.toFixed(1) : String(Math.round(ms))}${THIN}ms`;
}

/** Megapixels with one decimal, as cameras are sold. */
export function megapixels(width: number, height: number): string {
  return `${((width * height) / 1_000_000).toFixed(1)}${THIN}megapixels`;
}

/**
 * A time to the minute; what is no time stays as it is.
 *
 * @example minuteOf('2026-01-31T12:34:56.789Z') // '2026-01-31 12:34 UTC'
 */
export function minuteOf(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? `${iso.slice(0, 16).replace('T', ' ')} UTC` : iso;
}
