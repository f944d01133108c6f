import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { programPath, unshareArguments } from '../programs.ts';

const run = promisify(execFile);

/** Waits for its end of the cable, then is what an image's CMD would be: the first process of its namespace. */
const START = `
  read -r address
  ip link set lo up
  ip address add "$address" dev eth0
  ip link set eth0 up
  exec "$0"
`;

/** Generous: a replica that is only slow on a busy machine must not be given up. */
const PROBE_TIMEOUT_MS = 5_000;

const STORE_NAME = 'redis.openfaas-fn.svc.cluster.local';

let made = 0;

export interface ContainerOptions {
  /** Working directory, laid out as in the image. */
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A folder of its own, for what it writes. */
  readonly folder: string;
  readonly onLine: (line: string) => void;
}

/**
 * A real of-watchdog with a function behind it, in namespaces of its own as in a container: its ports are its own, and
 * when its first process ends all of it ends. Reached at `address`; it reaches us at `gatewayAddress`.
 */
export class Container {
  readonly address: string;
  readonly gatewayAddress: string;
  readonly #child: ChildProcess;
  readonly ended: Promise<unknown>;
  hasEnded = false;

  private constructor(child: ChildProcess, subnet: string) {
    this.#child = child;
    this.address = `${subnet}.2`;
    this.gatewayAddress = `${subnet}.1`;
    this.ended = once(child, 'exit').then(() => (this.hasEnded = true));
  }

  static async start({ image, environment, folder, onLine }: ContainerOptions): Promise<Container> {
    made += 1;
    const number = made;
    const subnet = `10.62.${number}`;
    await mkdir(folder, { recursive: true });
    const command = ['sh', '-c', START, programPath('of-watchdog')];
    const child = spawn(programPath('unshare'), [...unshareArguments(true), ...command], {
      cwd: image,
      env: {
        PATH: process.env.PATH,
        ...namesResolved(environment, `${subnet}.1`),
        gateway_url: `http://${subnet}.1:8080`,
        TMPDIR: folder,
        HOME: folder,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const container = new Container(child, subnet);
    for (const output of [child.stdout, child.stderr]) createInterface({ input: output }).on('line', onLine);
    await plugIn(`of${number}`, await container.pid(), `${subnet}.1/24`);
    child.stdin.end(`${subnet}.2/24\n`);
    return container;
  }

  /** Of the first process inside, as numbered out here. */
  async pid(): Promise<number> {
    const parent = String(this.#child.pid);
    while (!this.hasEnded) {
      const children = await readFile(join('/proc', parent, 'task', parent, 'children'), 'utf8').catch(
        () => '',
      );
      if (children.trim() !== '') return Number(children.trim().split(' ')[0]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('The container has ended.');
  }

  async signal(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!this.hasEnded) process.kill(await this.pid(), signal);
  }

  /** Whether a path answers with 200, as a kubelet asks. */
  async isWell(path: string): Promise<boolean> {
    const init = { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) };
    const response = await fetch(`http://${this.address}:8080${path}`, init).catch(() => undefined);
    await response?.body?.cancel();
    return response?.status === 200;
  }

  /** At once, whatever is going on inside. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}

/** A cluster's name for the store, as its DNS would have it: what serves it here is on our end of the cable. */
function namesResolved(
  environment: Readonly<Record<string, string>>,
  address: string,
): Record<string, string> {
  const resolved = ([name, value]: [string, string]) => [name, value.replace(STORE_NAME, address)];
  return Object.fromEntries(Object.entries(environment).map(resolved)) as Record<string, string>;
}

/** A cable between this namespace and the container's. */
async function plugIn(name: string, pid: number, address: string): Promise<void> {
  const ip = programPath('ip');
  const ends = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid)];
  await run(ip, ['link', 'add', name, ...ends]);
  await run(ip, ['address', 'add', address, 'dev', name]);
  await run(ip, ['link', 'set', name, 'up']);
}
