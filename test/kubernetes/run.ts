/**
 * `npm run test:kubernetes [-- FILE … and mocha's arguments]`: mocha against the cluster that KUBECONFIG and OPENFAAS_URL name,
 * with images of IMAGE_PREFIX. What the tests put there is taken away afterwards in any case.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { removeAll } from './installation.ts';
import { ROOT } from './program.ts';
import { reasonToSkip } from './requirements.ts';

/** In this order: each finds the cluster as the one before left it. */
const FILES = [
  'requirements',
  'from-nothing',
  'fetched-bundle',
  'as-the-stack-says',
  'without-a-failed-request',
  'training',
  'memory',
  'load',
  'faults',
  'manifests',
].map((name) => `test/kubernetes/${name}.test.ts`);

async function main(): Promise<void> {
  const reason = await reasonToSkip(process.env);
  if (reason !== undefined) console.log(`Skipped, all that needs a cluster with OpenFaaS: ${reason}.`);
  const given = process.argv.slice(2);
  const files = given.some((argument) => argument.endsWith('.test.ts')) ? [] : FILES;
  const mocha = [join(ROOT, 'node_modules/mocha/bin/mocha.js'), '--config', 'test/kubernetes/mocharc.json'];
  const env = { ...process.env, KUBERNETES_TEST_SKIP: reason ?? '' };
  const child = spawn(process.execPath, [...mocha, ...given, ...files], { cwd: ROOT, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill('SIGKILL'));
  }
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    process.exitCode = code ?? 1;
  } finally {
    if (reason === undefined) await removeAll();
  }
}

await main();
