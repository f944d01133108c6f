import type { CommandContext } from './command-context.ts';
import { UserError } from './user-error.ts';

/**
 * Runs a command of this repository as the process: errors become one line, Ctrl-C stops it in good order (twice: at
 * once), and the exit code says how it went.
 */
export async function runCommand(command: (context: CommandContext) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(
      new UserError(`Stopped by ${signal}. The same command goes on where it stopped.`, { exitCode: 130 }),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    await command({ env: process.env, output: process.stdout, signal: controller.signal });
  } catch (error) {
    process.exitCode = error instanceof UserError ? error.exitCode : 1;
    process.stderr.write(`${messageOf(error)}\n`);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** What a user reads; the stack of an error that nobody foresaw is asked for with `NODE_DEBUG=command`. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isForeseen = error instanceof UserError || process.env.NODE_DEBUG !== 'command';
  return isForeseen ? error.message : (error.stack ?? error.message);
}
