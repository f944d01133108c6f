import type { StackFunction } from '../gateway/stack-file.ts';
import type { RunProgram } from './docker.ts';
import { runArguments } from './limits.ts';

const PEAK = 'cat /sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes 2>/dev/null';
const START_MS = 60_000;

/** A function's image, running as its pod would. */
export class Container {
  readonly url: string;
  readonly #id: string;
  readonly #run: RunProgram;

  private constructor(id: string, url: string, run: RunProgram) {
    this.#id = id;
    this.url = url;
    this.#run = run;
  }

  /** @throws Error with its log when it does not answer within a minute */
  static async start(
    stackFunction: StackFunction,
    environment: Readonly<Record<string, string>>,
    run: RunProgram,
  ): Promise<Container> {
    const id = (await run('docker', runArguments(stackFunction, environment))).trim();
    const address = await run('docker', ['port', id, '8080/tcp']);
    const container = new Container(id, `http://${address.trim().split('\n')[0] ?? ''}`, run);
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline) {
      const health = await fetch(`${container.url}/_/health`).catch(() => undefined);
      if (health?.ok === true) return container;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const log = await run('docker', ['logs', '--tail', '30', id]);
    await container.remove();
    throw new Error(`${stackFunction.name} does not answer: ${log}`);
  }

  /** A line of shell inside. */
  shell(line: string): Promise<string> {
    return this.#run('docker', ['exec', this.#id, 'sh', '-c', line]);
  }

  /** The most memory that it ever held, in bytes; cgroup v2 or v1. */
  async peakBytes(): Promise<number> {
    return Number((await this.shell(`${PEAK} || true`)).trim().split('\n')[0]);
  }

  async remove(): Promise<void> {
    await this.#run('docker', ['rm', '--force', this.#id]);
  }
}
