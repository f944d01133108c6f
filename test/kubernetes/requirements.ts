import { findProgram } from '../openfaas/programs.ts';
import { attempt } from './program.ts';

export const NAMESPACE = 'openfaas-fn';

const PROGRAMS = ['kubectl', 'faas-cli', 'docker'] as const;
const VARIABLES: Readonly<Record<string, string>> = {
  KUBECONFIG: 'the cluster',
  OPENFAAS_URL: 'its gateway',
  IMAGE_PREFIX: 'a registry that Docker here and the cluster both reach, such as 127.0.0.1:5000/clip',
};

/** What is not there without asking anybody: variables and programs. */
export function missingHere(env: NodeJS.ProcessEnv): readonly string[] {
  const variables = Object.entries(VARIABLES)
    .filter(([name]) => (env[name] ?? '') === '')
    .map(([name, what]) => `${name} is not set (${what})`);
  const programs = PROGRAMS.filter((name) => findProgram(name, env) === undefined).map(
    (name) => `${name} is not on the PATH`,
  );
  return [...variables, ...programs];
}

/** What these tests put into the cluster and take away again: whatever of it is there belongs to somebody else. */
export const OURS = [
  'deployment/clip',
  'deployment/frontend',
  'deployment/trainer',
  'statefulset/redis',
  // Heads and examples, which outlast a Redis that was taken away.
  'persistentvolumeclaim/data-redis-0',
  'secret/trainer-token',
  'secret/store-password',
  'namespace/clip-load',
] as const;

/** Why these tests cannot run here, in words; undefined where they can. */
export async function reasonToSkip(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const missing = missingHere(env);
  if (missing.length > 0) return missing.join('; ');
  const engine = await attempt('docker', ['info'], { timeoutMs: 20_000 });
  if (engine.code !== 0) return `no Docker engine answers: ${firstLine(engine.stderr)}`;
  const nodes = await attempt('kubectl', ['get', 'nodes', '-o', 'name', '--request-timeout=10s']);
  if (nodes.code !== 0) return `the cluster does not answer: ${firstLine(nodes.stderr)}`;
  const health = await fetch(`${env.OPENFAAS_URL ?? ''}/healthz`).catch(() => undefined);
  if (health?.ok !== true) return `no gateway answers at ${env.OPENFAAS_URL ?? ''}`;
  const list = await attempt('faas-cli', ['list', '--gateway', env.OPENFAAS_URL ?? '']);
  if (list.code !== 0) return `faas-cli may not list functions: ${firstLine(list.stdout + list.stderr)}`;
  const foreign = await attempt('kubectl', [
    'get',
    '-n',
    NAMESPACE,
    '--ignore-not-found',
    '-o',
    'name',
    ...OURS,
  ]);
  const found = foreign.stdout.trim().split(/\s+/).filter(Boolean);
  return found.length === 0
    ? undefined
    : `${found.join(', ')} are in ${NAMESPACE} already: the tests start from nothing and remove what they deployed`;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
