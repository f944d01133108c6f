/**
 * What the server itself reads from the environment. Durations are written as OpenFaaS writes them (`500ms`, `10s`,
 * `1m`); a malformed value is an error and never the default.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ServerSettings {
  /** `http_host`: in the image only of-watchdog, beside the server, is to reach it. */
  readonly host: string;
  /** `http_port`; 0 picks a free one, which the log then names. */
  readonly port: number;
  /** `max_request_bytes`: the whole body of one request. */
  readonly maxRequestBytes: number;
  /** `load_wait`: how long a request waits for a function that is still loading. */
  readonly loadWaitMs: number;
  /** `read_timeout` (of-watchdog's too): how long one request may take to arrive. */
  readonly readTimeoutMs: number;
  /** `exec_timeout` (of-watchdog's too): how long a response may take to begin; 0 for no limit. */
  readonly execTimeoutMs: number;
  /** `write_timeout` (of-watchdog's too): how long an answer may take; the longest wait after SIGTERM. */
  readonly writeTimeoutMs: number;
  /** `healthcheck_interval` (of-watchdog's too): after SIGTERM new requests may arrive for this long. */
  readonly healthcheckIntervalMs: number;
  /** `ready_path` (of-watchdog's too): answered with 503 at once, without waiting, while the function loads. */
  readonly readyPath: string | undefined;
  /** `suppress_lock` (of-watchdog's too): the server, not the watchdog, says when it can be called. */
  readonly announcesHealth: boolean;
  /** `log_level`: debug, info, warn or error. */
  readonly logLevel: string;
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'];
const BYTE_UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** @throws Error that names every malformed setting. */
export function parseServerSettings(env: Environment): ServerSettings {
  const problems: string[] = [];
  const value = (name: string): string | undefined => {
    const text = env[name]?.trim();
    return text === '' ? undefined : text;
  };
  const number = (name: string, fallback: number, read: (text: string) => number): number => {
    const text = value(name);
    const parsed = text === undefined ? fallback : read(text);
    if (Number.isNaN(parsed)) problems.push(`${name}=${JSON.stringify(text)}`);
    return parsed;
  };
  const settings: ServerSettings = {
    host: value('http_host') ?? '127.0.0.1',
    port: number('http_port', 3000, portNumber),
    maxRequestBytes: number('max_request_bytes', 16 * 2 ** 20, (text) => withUnit(text, BYTE_UNITS)),
    loadWaitMs: number('load_wait', 8_000, duration),
    readTimeoutMs: number('read_timeout', 30_000, duration),
    execTimeoutMs: number('exec_timeout', 30_000, duration),
    writeTimeoutMs: number('write_timeout', 30_000, duration),
    healthcheckIntervalMs: number('healthcheck_interval', 0, duration),
    readyPath: value('ready_path'),
    announcesHealth: value('suppress_lock') === 'true',
    logLevel: value('log_level') ?? 'info',
  };
  if (!['true', 'false', undefined].includes(value('suppress_lock')))
    problems.push(`suppress_lock=${JSON.stringify(value('suppress_lock'))}`);
  if (!LOG_LEVELS.includes(settings.logLevel))
    problems.push(`log_level=${JSON.stringify(settings.logLevel)}`);
  if (problems.length > 0) {
    throw new Error(`Expected usable settings but received ${problems.join(', ')}.`);
  }
  return Object.freeze(settings);
}

function portNumber(text: string): number {
  return /^\d{1,5}$/.test(text) && Number(text) < 65_536 ? Number(text) : NaN;
}

function duration(text: string): number {
  return withUnit(text, DURATION_UNITS);
}

/** `10s` → 10 000, `16MiB` → 16 777 216; NaN for anything else. */
function withUnit(text: string, units: Readonly<Record<string, number>>): number {
  const match = /^(\d{1,12}(?:\.\d{1,3})?)\s?([A-Za-z]*)$/.exec(text);
  const factor = units[match?.[2] ?? '?'];
  return factor === undefined ? NaN : Math.round(Number(match?.[1]) * factor);
}
