import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../template/running-server.ts';

export interface GatewayOptions {
  readonly stack: string;
  readonly out: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether a shell stands between, as npm has it; `child` is the shell then. */
  readonly inShell?: boolean;
}

/** `scripts/start.ts` as a process of its own, with all that it prints. */
export class RunningGateway {
  readonly lines: string[] = [];
  readonly child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #hasEnded = false;

  constructor({ stack, out, args = [], env = {}, inShell = false }: GatewayOptions) {
    const script = join(ROOT, 'scripts/start.ts');
    const words = [process.execPath, '--import', 'tsx', script, '--stack', stack, '--out', out, ...args];
    // The second command keeps the shell from giving way to the first.
    const [program = '', ...operands] = inShell ? ['sh', '-c', '"$0" "$@"; true', ...words] : words;
    const child = spawn(program, operands, {
      cwd: ROOT,
      env: { ...process.env, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on('line', (line) => {
        this.lines.push(line);
        this.#wake();
      });
    }
    child.once('close', () => {
      this.#hasEnded = true;
      this.#wake();
    });
  }

  /** The first line, past or to come, that fits. @throws Error with all that was printed when it ends before */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.#hasEnded)
        throw new Error(`Expected ${pattern} but it ended after:\n${this.lines.join('\n')}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Where it serves, once it does. */
  async url(): Promise<string> {
    const line = await this.line(/http:\/\/127\.0\.0\.1:\d+\/function\//);
    return /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '';
  }

  async exit(): Promise<number | string | null> {
    if (!this.#hasEnded) await once(this.child, 'close');
    return this.child.signalCode ?? this.child.exitCode;
  }

  async stop(): Promise<number | string | null> {
    this.child.kill('SIGTERM');
    return this.exit();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
