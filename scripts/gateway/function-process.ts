import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A function that lived this long was well: what ends it then is news, not the same fault again. */
const WELL_AFTER_MS = 30_000;
const FIRST_PAUSE_MS = 250;
const MAX_DEATHS = 6;
const KILL_AFTER_MS = 10_000;

export interface FunctionProcessOptions {
  /** The built server.js. */
  readonly script: string;
  /** Working directory: the folder that holds `models/`. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** One line of the function's output. */
  readonly onLine: (line: string) => void;
}

/**
 * A function's process. It listens on a free port, which it names in its first log line; it is started again when it
 * dies, after a growing pause, until it has died too often in a row.
 */
export class FunctionProcess {
  readonly #options: FunctionProcessOptions;
  #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #port: number | undefined;
  #deaths = 0;
  #isStopping = false;
  #restart: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<(port: number | undefined) => void>();

  constructor(options: FunctionProcessOptions) {
    this.#options = options;
    this.#env = options.env;
  }

  get isListening(): boolean {
    return this.#port !== undefined;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const { script, cwd, onLine } = this.#options;
    const env = this.#env;
    const started = performance.now();
    this.#isStopping = false;
    // The channel tells the child when this process is gone; it stays in this process group.
    const child = spawn(process.execPath, [script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child = child;
    for (const output of [child.stdout, child.stderr]) {
      if (output === null) continue;
      createInterface({ input: output }).on('line', (line) => {
        this.#notePort(child, line);
        onLine(line);
      });
    }
    child.once('error', (error) => onLine(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => this.#died(signal ?? `code ${code ?? '?'}`, started));
  }

  /** The port once the function listens; undefined when that takes longer than `maxMs` or it has died for good. */
  async port(maxMs: number): Promise<number | undefined> {
    if (this.#port !== undefined || this.#deaths >= MAX_DEATHS) return this.#port;
    return new Promise((resolve) => {
      const settle = (port: number | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(settle);
        resolve(port);
      };
      const timer = setTimeout(() => settle(undefined), maxMs);
      this.#waiting.add(settle);
    });
  }

  /** Asks it to leave when idle, and waits until all that it said was read; one that does not leave is killed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await closed;
    clearTimeout(timer);
  }

  /** Starts the script anew in place of the running one: it was built again, or is to have another environment. */
  async replace(env: NodeJS.ProcessEnv = this.#env): Promise<void> {
    await this.stop();
    this.#env = env;
    this.#deaths = 0;
    this.start();
  }

  #notePort(child: ChildProcess, line: string): void {
    if (this.#port !== undefined || child !== this.#child || !line.includes('"listening"')) return;
    const port = /"port":(\d+)/.exec(line)?.[1];
    if (port === undefined) return;
    this.#port = Number(port);
    for (const settle of this.#waiting) settle(this.#port);
  }

  #died(how: string, started: number): void {
    this.#port = undefined;
    if (this.#isStopping) return;
    const { onLine } = this.#options;
    this.#deaths = performance.now() - started > WELL_AFTER_MS ? 1 : this.#deaths + 1;
    if (this.#deaths >= MAX_DEATHS) {
      onLine(`ended (${how}) ${MAX_DEATHS} times in a row and is not started again.`);
      for (const settle of this.#waiting) settle(undefined);
      return;
    }
    const pauseMs = FIRST_PAUSE_MS * 2 ** (this.#deaths - 1);
    onLine(`ended (${how}); it is started again in ${pauseMs} ms.`);
    this.#restart = setTimeout(() => this.start(), pauseMs);
  }
}
