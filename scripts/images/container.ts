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
  #companion: string | undefined;

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

  /**
   * Runs a program in this container's network until this one is removed; its memory is its own.
   * @param program TypeScript for Node that prints a line once it is there
   * @throws Error when it prints nothing within a minute
   */
  async accompany(
    image: string,
    program: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<void> {
    const variables = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const network = ['--network', `container:${this.#id}`, ...variables];
    const node = ['--entrypoint', 'node', image, '--input-type=module-typescript', '--eval', program];
    this.#companion = (await this.#run('docker', ['run', '--detach', ...network, ...node])).trim();
    const log = ['logs', '--tail', '30', this.#companion];
    const deadline = performance.now() + START_MS;
    while ((await this.#run('docker', log)) === '') {
      if (performance.now() > deadline) throw new Error(`What runs beside ${image} does not start.`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
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
    const companions = this.#companion === undefined ? [] : [this.#companion];
    await this.#run('docker', ['rm', '--force', ...companions, this.#id]);
  }
}
