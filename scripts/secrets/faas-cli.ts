import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs faas-cli with arguments and something for its standard input. @returns what it printed */
export type RunFaasCli = (args: readonly string[], input?: string) => Promise<string>;

/** @throws Error (from the run) with what it said, or that it is not there */
export function faasCli(command: string): RunFaasCli {
  return async (args, input = '') => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    // It may end without having read its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const ended = once(child, 'close') as Promise<[number | null]>;
    const [code] = await ended.catch((error: unknown) => {
      throw new Error(`Expected ${command} on the PATH but it could not be started.`, { cause: error });
    });
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${output.trim()}`);
    return output;
  };
}
