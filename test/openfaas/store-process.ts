import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const PORT = 6379;

/** A real Redis at the port that stack.trainer.yml names, in the tests' own network, with a password and no disk. */
export class StoreProcess {
  #child: ChildProcess | undefined;
  readonly #password: string;

  constructor(password: string) {
    this.#password = password;
  }

  /** @throws Error when it does not listen within ten seconds */
  async start(): Promise<void> {
    const configuration = ['bind 0.0.0.0', `port ${PORT}`, 'save ""', `requirepass ${this.#password}`];
    const child = spawn('redis-server', ['-'], { stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin.end(`${configuration.join('\n')}\n`);
    this.#child = child;
    for (let tries = 0; tries < 100; tries += 1) {
      if (await isListening()) return;
      await pause(100);
    }
    throw new Error('redis-server does not listen.');
  }

  async stop(): Promise<void> {
    if (this.#child === undefined) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    this.#child = undefined;
    await ended;
  }
}

async function isListening(): Promise<boolean> {
  const socket = connect(PORT, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
