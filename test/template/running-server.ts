import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildFunction } from '../../template/typescript/build.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ECHO = join(ROOT, 'test/fixtures/functions/echo');

/** A line of the server's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A folder below dist/, where the native packages are found, that `remove` takes away again. */
export async function scratchFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  const path = await mkdtemp(join(ROOT, 'dist', 'test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Builds the echo function; `start` runs its server as a process of its own, as of-watchdog would. */
export class EchoServers {
  #folder: { path: string; remove: () => Promise<void> } | undefined;
  readonly #running = new Set<RunningServer>();

  async build(functionDir: string = ECHO): Promise<void> {
    this.#folder = await scratchFolder();
    await buildFunction({ functionDir, outDir: this.#folder.path });
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
    if (this.#folder === undefined) throw new Error('Expected build() before start().');
    const server = new RunningServer(join(this.#folder.path, 'server.js'), env);
    this.#running.add(server);
    await server.line((line) => line.msg === 'listening' || line.level === 'fatal');
    return server;
  }

  async remove(): Promise<void> {
    for (const server of this.#running) await server.kill();
    await this.#folder?.remove();
  }
}

/** One process of a built server, and all that it wrote. */
export class RunningServer {
  readonly lines: LogLine[] = [];
  /** What was written that is no JSON line: nothing, if all is well. */
  readonly stray: string[] = [];
  readonly child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  readonly #closed: Promise<unknown>;

  constructor(script: string, env: Readonly<Record<string, string>>) {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [script], {
      env: { PATH, http_port: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.#closed = once(child, 'close');
    createInterface({ input: child.stdout }).on('line', (line) => this.#note(line));
    createInterface({ input: child.stderr }).on('line', (line) => this.stray.push(line));
  }

  get port(): number {
    return Number(this.lines.find(({ msg }) => msg === 'listening')?.port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The first line, past or to come, that fits. */
  async line(fits: (line: LogLine) => boolean): Promise<LogLine> {
    for (;;) {
      const found = this.lines.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** The line of a request's end. */
  async requestLine(callId: string): Promise<LogLine> {
    return this.line((line) => line.msg === 'request' && line.callId === callId);
  }

  /** The exit status, once all that it wrote has been read; a signal's name when one ended it. */
  async exit(): Promise<number | string | null> {
    await this.#closed;
    return this.child.signalCode ?? this.child.exitCode;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit();
  }

  #note(text: string): void {
    try {
      this.lines.push(JSON.parse(text) as LogLine);
    } catch {
      this.stray.push(text);
    }
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
