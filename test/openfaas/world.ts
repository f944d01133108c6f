import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { GATEWAY, GatewayProcess } from './gateway-process.ts';
import { programPath } from './programs.ts';
import type { Replica } from './provider/deployment.ts';
import { imageEnvironment, Images } from './provider/images.ts';
import { Provider } from './provider/provider.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Images that the tests deploy: those of stack.yml, and a stand-in whose faults are set from outside. */
const HANDLERS = {
  clip: 'functions/clip',
  frontend: 'functions/frontend',
  trainer: 'functions/trainer',
  probe: 'test/openfaas/functions/probe',
};

const LOGIN = `auths:
- gateway: ${GATEWAY}
  auth: basic
  token: ${Buffer.from('admin:any').toString('base64')}
`;

let images: Images | undefined;

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real gateway, a provider, and faas-cli to talk to them. */
export class World {
  readonly provider: Provider;
  readonly #gateway: GatewayProcess;
  readonly #folder: string;

  private constructor(provider: Provider, gateway: GatewayProcess, folder: string) {
    this.provider = provider;
    this.#gateway = gateway;
    this.#folder = folder;
  }

  static async start(): Promise<World> {
    const folder = process.env.OPENFAAS_TEST_DIR ?? '';
    images ??= new Images({ root: ROOT, folder, handlers: HANDLERS });
    const provider = new Provider({ images, imageEnvironment: await imageEnvironment(ROOT), folder });
    await provider.listen();
    return new World(provider, await GatewayProcess.start(provider.url), folder);
  }

  async stop(): Promise<void> {
    await this.#gateway.stop();
    await this.provider.stop();
  }

  /**
   * `faas-cli ARGS --gateway …` with a home of its own: in the repository where `-f` names its stack file, else in an
   * empty folder, since faas-cli takes up the stack file of any folder it is started in.
   */
  async cli(args: readonly string[], stdin: Uint8Array | string = ''): Promise<CliResult> {
    const home = join(this.#folder, 'home');
    await mkdir(join(home, '.openfaas'), { recursive: true });
    // As after `faas-cli login`: without it each answer begins with a line about a missing login.
    await writeFile(join(home, '.openfaas', 'config.yml'), LOGIN);
    const child = spawn(programPath('faas-cli'), [...args, '--gateway', GATEWAY], {
      cwd: args.includes('-f') ? ROOT : home,
      env: { PATH: process.env.PATH, HOME: home, OPENFAAS_URL: GATEWAY },
    });
    // A command that does not read its input may be gone before it is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ]);
    return { code: code ?? -1, stdout, stderr };
  }

  /** @throws Error with all that faas-cli said, unless it ended well */
  async mustCli(args: readonly string[], stdin: Uint8Array | string = ''): Promise<string> {
    const { code, stdout, stderr } = await this.cli(args, stdin);
    if (code !== 0) throw new Error(`faas-cli ${args.join(' ')}: ${code} ${stdout} ${stderr}`);
    return stdout;
  }

  /** Deploys the stand-in under another name, with settings such as `answer_ms=5000`. */
  async deployProbe(name: string, ...settings: string[]): Promise<void> {
    const environment = settings.flatMap((setting) => ['--env', setting]);
    const fprocess = ['--fprocess', 'node dist/server.js'];
    await this.mustCli([
      'deploy',
      '--image',
      'tests/probe:latest',
      '--name',
      name,
      ...fprocess,
      ...environment,
    ]);
    await this.ready(name);
  }

  /** Deploys functions of stack.yml and waits until they are ready. */
  async deployStack(...names: string[]): Promise<void> {
    const filter = names.length === 0 ? [] : ['--regex', `^(${names.join('|')})$`];
    await this.mustCli(['deploy', '-f', 'stack.yml', ...filter]);
    for (const name of names.length === 0 ? ['clip', 'frontend'] : names) await this.ready(name);
  }

  /**
   * Until that many replicas of a function are ready and listen: a watchdog calls itself well before its function does.
   */
  async ready(name: string, count = 1): Promise<readonly Replica[]> {
    const deployment = this.provider.deployments.get(name);
    if (deployment === undefined) throw new Error(`Expected ${name} to be deployed.`);
    await until(() => deployment.ready.length >= count);
    const listening = await Promise.all(
      deployment.ready.map((replica) =>
        until(() => deployment.logs.some((l) => l.instance === replica.instance && isListening(l.text))),
      ),
    );
    return deployment.ready.slice(0, listening.length);
  }
}

export async function until(condition: () => boolean | Promise<boolean>, maxMs = 60_000): Promise<void> {
  const deadline = performance.now() + maxMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`This did not come true: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isListening(line: string): boolean {
  return line.includes('"listening"');
}
