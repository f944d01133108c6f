import { pino, type Logger } from 'pino';

/**
 * JSON lines on standard output. Pino's own writer tries for ever once its reader is gone, which would keep a process
 * alive whose parent has died; Node's stream says so once, and that may be ignored: nobody is left to read it.
 */
export function createLog(): Logger {
  process.stdout.on('error', () => undefined);
  return pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    { write: (line: string) => void process.stdout.write(line) },
  );
}
