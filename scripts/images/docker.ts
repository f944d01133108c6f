import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs docker (or another program) and hands back what it printed. */
export type RunProgram = (command: string, args: readonly string[]) => Promise<string>;

/** @throws Error with what it said, or that it is not there */
export const runProgram: RunProgram = async (command, args) => {
  // Debian's docker of 2022 takes the builder that the Dockerfile needs only when told.
  const env = { ...process.env, DOCKER_BUILDKIT: '1' };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [printed, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [code] = await ended.catch((error: unknown) => {
    throw new Error(`Expected ${command} on the PATH but it could not be started.`, { cause: error });
  });
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} failed:\n${printed.slice(-3_000)}${said.slice(-3_000)}`);
  return printed;
};
