import { OWN_CALL_ID } from './announcement.ts';

interface Line {
  readonly level?: string;
  readonly msg?: string;
  readonly callId?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly err?: { readonly stack?: string; readonly message?: string };
}

/** Said once at the start in other words. */
const UNSAID = new Set(['listening', 'loaded', 'leaving when idle', 'left']);

/**
 * A function's log line for a person at a terminal; undefined for what they need not read. What is no JSON line stays
 * as it is.
 *
 * @example
 * readableLine('clip', '{"msg":"request","method":"POST","path":"/","status":200,"durationMs":34.5,"callId":"3d…"}');
 * // 'clip  POST / 200 34.5 ms  3d…'
 */
export function readableLine(name: string, line: string): string | undefined {
  const parsed = parseLine(line);
  if (parsed === undefined) return `${name}  ${line}`;
  const { level = 'info', msg = '', callId, method, path, status, durationMs, err } = parsed;
  if (callId === OWN_CALL_ID) return undefined;
  if (msg === 'request') {
    return `${name}  ${method ?? ''} ${path ?? ''} ${status ?? ''} ${durationMs ?? ''} ms  ${callId ?? ''}`;
  }
  if (level === 'debug' || (level === 'info' && UNSAID.has(msg))) return undefined;
  const error = err?.stack ?? err?.message;
  const about = [level === 'info' ? msg : `${level.toUpperCase()} ${msg}`, callId, error];
  return `${name}  ${about.filter((part) => part !== undefined).join('  ')}`;
}

function parseLine(line: string): Line | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
