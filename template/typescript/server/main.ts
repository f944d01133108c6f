/**
 * Entry of a function's process. It listens at once, loads the function beside that, and after SIGTERM serves on until
 * it is idle. `build.mjs` puts it beside the handler as server.js.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { HealthFile } from './health-file.ts';
import { createHttpServer } from './http-server.ts';
import { Leaving } from './leaving.ts';
import { LoadingFunction } from './loading-function.ts';
import { createLog } from './log.ts';
import { importHandler, type Log, type ServedFunction } from './served-function.ts';
import { parseServerSettings, type Environment } from './settings.ts';

/**
 * After the start of the process a replica is called well even if its function is loading still: probes of liveness, which ask
 * the same, may end it at their third try after some four seconds. What cannot be loaded has mostly failed before.
 */
const WELL_BY_MS = 2_500;

const env: Environment = process.env;
const log = createLog();

function fail(message: string): (error: unknown) => never {
  return (error) => {
    log.fatal({ err: error }, message);
    process.exit(1);
  };
}

process.on('uncaughtException', fail('The process failed outside any request'));

async function load(): Promise<ServedFunction> {
  const createFunction = await importHandler(new URL('./handler.js', import.meta.url));
  const served = await createFunction(env, log satisfies Log);
  log.info({ uptimeMs: Math.round(performance.now()) }, 'loaded');
  return served;
}

async function main(): Promise<void> {
  // A parent that had a channel to this process and is gone will not send a signal any more.
  const toldToLeave = Promise.race(['SIGTERM', 'SIGINT', 'disconnect'].map((event) => once(process, event)));
  const settings = parseServerSettings(env);
  log.level = settings.logLevel;
  const health = new HealthFile({ isOurs: settings.announcesHealth });
  await health.clear();
  const served = new LoadingFunction();
  const server = createHttpServer({ settings, served, log });
  const leaving = new Leaving(server, settings);

  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  log.info({ port: (server.address() as AddressInfo).port }, 'listening');
  const loading = load().then((loaded) => served.loaded(loaded), fail('The function could not be loaded'));
  const late = pause(Math.max(0, WELL_BY_MS - performance.now()), undefined, { ref: false });
  Promise.race([loading, late])
    .then(() => health.write())
    .catch(fail('The server could not start'));

  await toldToLeave;
  process.on('SIGTERM', () => undefined).on('SIGINT', () => undefined);
  log.info({}, 'leaving when idle');
  await leaving.whenIdle();
  server.close();
  // Native code that is cut off in the middle of loading aborts the process: first let it come to an end.
  const loaded = await served.within(settings.writeTimeoutMs);
  await loaded?.close();
  log.info({}, 'left');
  process.exit(0);
}

main().catch(fail('The server could not start'));
