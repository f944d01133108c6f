/**
 * The local gateway: builds the functions of a stack file as the template does, runs them on this machine, and serves
 * them as OpenFaaS's gateway would.
 *
 *   npm start                      PORT=8081 npm start
 *                                  stack.yml, and the trainer of stack.trainer.yml with the embedded store
 *   npm run dev                    builds and starts again on change
 *   npm start -- --help            the options
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { buildFunction } from '../template/typescript/build.mjs';
import { modelText, platformWarning, runningText, urlOf } from './gateway/announcement.ts';
import { FatalOnce } from './gateway/fatal-once.ts';
import { functionEnvironment } from './gateway/function-environment.ts';
import { FunctionProcess } from './gateway/function-process.ts';
import { createGatewayServer, type GatewayFunction } from './gateway/gateway-server.ts';
import { readableLine } from './gateway/log-line.ts';
import { parentGone } from './gateway/parent-gone.ts';
import { readStackFile, type StackFunction } from './gateway/stack-file.ts';
import { trainingSettings } from './gateway/training-settings.ts';
import { watchSources } from './gateway/watch-sources.ts';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

const USAGE = `Runs the functions of the stack file on this machine, behind a gateway on 127.0.0.1.

  npm start                  on port 8080; another one: PORT=8081 npm start
  npm run dev                builds and starts again on change

  npm start -- --stack FILE  another stack file
  npm start -- --out DIR     another folder of this repository for what is built than dist
  npm start -- --help        this text

Settings stand in docs/operations.md. Those of the shell win over the stack file's: max_queue=4 npm start.`;

async function main(): Promise<void> {
  const orphaned = parentGone(process.env);
  const { values } = parseArgs({
    options: {
      stack: { type: 'string' },
      out: { type: 'string' },
      watch: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    print(USAGE);
    return;
  }
  const stackFile = resolve(values.stack ?? join(REPOSITORY, 'stack.yml'));
  const out = resolve(values.out ?? join(REPOSITORY, 'dist'));
  const root = dirname(stackFile);
  const warning = platformWarning(process.platform, process.arch);
  if (warning !== undefined) console.warn(warning);

  // A stack file of somebody's own stands alone.
  const training = values.stack === undefined ? trainingSettings(process.env, root) : undefined;
  const trainerFile = training === undefined ? undefined : join(root, 'stack.trainer.yml');
  const readSpecs = async (): Promise<readonly StackFunction[]> => [
    ...(await readStackFile(stackFile, process.env)),
    ...(trainerFile === undefined ? [] : [await trainerOf(trainerFile)]),
  ];
  const specs = await readSpecs();
  const functions = new Map<string, GatewayFunction>();
  const server = createGatewayServer(functions);
  await listen(server, portOf(process.env.PORT));
  const url = urlOf(server);
  const environmentOf = (spec: StackFunction): NodeJS.ProcessEnv =>
    functionEnvironment(spec, { shell: process.env, gatewayUrl: url, added: training?.environment });
  const build = async (spec: StackFunction): Promise<void> => {
    await buildFunction({ functionDir: join(root, spec.handler), outDir: join(out, spec.name) });
  };

  const fatal = new FatalOnce(print);

  for (const spec of specs) {
    const runner = new FunctionProcess({
      script: join(out, spec.name, 'server.js'),
      cwd: root,
      env: environmentOf(spec),
      onLine: (line) => fatal.print(readableLine(spec.name, line)),
    });
    functions.set(spec.name, {
      spec,
      process: runner,
      createdAt: new Date().toISOString(),
      invocationCount: 0,
    });
  }
  // Requests that come while it is built wait for the function, as they do while it starts.
  await Promise.all(specs.map(build));
  for (const { process: runner } of functions.values()) runner.start();
  const names = [...functions.keys()];
  const stopping = new AbortController();
  print(runningText(url, names));
  print(training?.text);
  if (names.includes('clip')) void modelText(url, stopping.signal).then(print);

  const stackFiles = [stackFile, trainerFile]
    .filter((path) => path !== undefined)
    .map((path) => basename(path));
  /** What a stack file says anew of the functions that run; others come and go with the next start. */
  const readAgain = async (): Promise<void> => {
    const fresh = await readSpecs();
    for (const known of functions.values()) {
      const spec = fresh.find(({ name }) => name === known.spec.name);
      if (spec === undefined || isDeepStrictEqual(spec, known.spec)) continue;
      known.spec = spec;
      await known.process.replace(environmentOf(spec));
      print(`${spec.name} was started again with what the stack file says now.`);
    }
    const isOther = fresh.length !== functions.size || fresh.some(({ name }) => !functions.has(name));
    if (isOther) print('The stack file names other functions now: start again to run them.');
  };
  const rebuild = async (changed: ReadonlySet<string>): Promise<void> => {
    if (stackFiles.some((name) => changed.has(name))) {
      await readAgain().catch((error: unknown) => print(messageOf(error)));
    }
    const isCommon = changed.has('shared') || changed.has('template');
    for (const { spec, process: runner } of functions.values()) {
      if (!isCommon && !changed.has(spec.handler)) continue;
      try {
        await build(spec);
        fatal.forget();
        await runner.replace();
        print(`${spec.name} was built and started again.`);
      } catch (error) {
        print(messageOf(error));
      }
    }
  };
  // One after the other: two at once would start a function twice.
  let rebuilt = Promise.resolve();
  const unwatch =
    values.watch === true
      ? watchSources({
          root,
          folders: ['shared', 'template', ...specs.map(({ handler }) => handler)],
          files: stackFiles,
          onChange: (changed) => void (rebuilt = rebuilt.then(() => rebuild(changed))),
        })
      : () => undefined;

  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), orphaned]);
  // One Ctrl-C arrives more than once where npm and tsx pass it on.
  process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
  print('Stopping …');
  unwatch();
  stopping.abort();
  await Promise.all([...functions.values()].map(({ process: runner }) => runner.stop()));
  server.close();
  process.exit(0);
}

/** The `clip` of that file is the one of stack.yml, with a store. */
async function trainerOf(stackFile: string): Promise<StackFunction> {
  const trainer = (await readStackFile(stackFile, process.env)).find(({ name }) => name === 'trainer');
  if (trainer === undefined) throw new Error(`Expected the function trainer in ${stackFile}.`);
  return trainer;
}

/** @throws Error for a PORT that is none */
function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return 8080;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port < 65_536)) throw new Error(`Expected a port for PORT but received ${JSON.stringify(text)}.`);
  return port;
}

/** @throws Error that says what to do when the port is taken */
async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use. Choose another: PORT=${port + 1} npm start`, { cause: error });
  }
}

function print(text: string | undefined): void {
  if (text !== undefined) console.log(text);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
