/**
 * `npm run test:openfaas [-- FILE … and mocha's arguments]`: mocha inside namespaces of its own, where the gateway's fixed ports are
 * free and everything ends with the run. What the tests write is below one folder, which is removed in any case.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programPath, reasonToSkip, unshareArguments } from './programs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Built functions must lie below the folder that has node_modules; the whole of dist/ is ignored by git. */
async function makeFolder(): Promise<string> {
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  return mkdtemp(join(ROOT, 'dist', 'openfaas-'));
}

/** All tests, unless some files are named. */
function mochaArguments(given: readonly string[]): readonly string[] {
  return given.some((argument) => argument.endsWith('.test.ts'))
    ? given
    : [...given, 'test/openfaas/**/*.test.ts'];
}

async function main(): Promise<void> {
  const reason = reasonToSkip(process.env);
  if (reason !== undefined) console.log(`Skipped, all that needs OpenFaaS's programs: ${reason}.`);
  const folder = await makeFolder();
  const mocha = [join(ROOT, 'node_modules/mocha/bin/mocha.js'), '--config', 'test/openfaas/mocharc.json'];
  const inside = [process.execPath, ...mocha, ...mochaArguments(process.argv.slice(2))];
  const isRoot = process.getuid?.() === 0;
  const isolated = [
    ...unshareArguments(isRoot),
    'sh',
    '-c',
    'ip link set lo up && exec "$@"',
    'sh',
    ...inside,
  ];
  const [command = '', ...args] = reason === undefined ? [programPath('unshare'), ...isolated] : inside;
  const env = { ...process.env, OPENFAAS_TEST_DIR: folder, OPENFAAS_SKIP: reason ?? '' };
  const child = spawn(command, args, { cwd: ROOT, env, stdio: 'inherit' });
  // unshare itself does not listen to these; without it the kernel ends what is inside.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill('SIGKILL'));
  }
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    process.exitCode = code ?? 1;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main();
