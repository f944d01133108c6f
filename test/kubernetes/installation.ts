import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kubectl, kubectlJson, settled } from './cluster.ts';
import { gateway } from './asking.ts';
import { attempt, must, ROOT } from './program.ts';
import { makeVolume, removeVolume } from './volume.ts';

/** Tags of the images, one after the other: a new one is a release. */
export const TAGS = { first: 'test-1', second: 'test-2', fetched: 'test-fetched' } as const;

const REDIS_IMAGE = /image: (docker\.io\/library\/redis:\S+)/;

let plain: Promise<string> | undefined;
let training: Promise<string> | undefined;

export interface FaasCliOptions {
  readonly input?: Uint8Array | string;
  readonly tag?: string;
  /** Bundles for the image of `clip`. */
  readonly models?: string;
  readonly cwd?: string;
}

/** @throws Error with all that it said, unless it ended well */
export function faasCli(
  args: readonly string[],
  { input = '', tag = TAGS.first, models = '', cwd = ROOT }: FaasCliOptions = {},
): Promise<string> {
  // Debian's docker of 2022 takes the builder that the Dockerfile needs only when told.
  const env = { IMAGE_TAG: tag, DOCKER_BUILDKIT: '1', ...(models === '' ? {} : { MODELS: models }) };
  return must('faas-cli', [...args, '--gateway', gateway()], { input, cwd, env });
}

/** From nothing to a page: `faas-cli up` with no secret and no Redis, once in a run. @returns what it printed */
export function installPlain(): Promise<string> {
  return (plain ??= (async () => {
    const printed = await faasCli(['up', '-f', 'stack.yml']);
    await Promise.all([settled('clip', 1), settled('frontend', 1)]);
    return printed;
  })());
}

/** Secrets, Redis, then `faas-cli up -f stack.trainer.yml`, once in a run. @returns the token for writes */
export function installTraining(): Promise<string> {
  return (training ??= (async () => {
    await installPlain();
    const printed = await must('npm', ['run', '--silent', 'secrets', '--', '--gateway', gateway()]);
    const token = /^trainer-token: (\S+)/m.exec(printed)?.[1];
    if (token === undefined) throw new Error(`Expected a token but received ${printed}`);
    const manifest = await redisManifest();
    await makeVolume(REDIS_IMAGE.exec(manifest)?.[1] ?? '');
    await kubectl(['apply', '-f', '-'], manifest);
    await kubectl(['rollout', 'status', 'statefulset/redis', '--timeout=120s']);
    await faasCli(['up', '-f', 'stack.trainer.yml']);
    await kubectl(['rollout', 'status', 'deployment/clip', '--timeout=180s']);
    await Promise.all([settled('clip', 1), settled('trainer', 1)]);
    return token;
  })());
}

/** deploy/redis.yaml, with the image that `REDIS_IMAGE` names where the cluster cannot pull the one it has. */
async function redisManifest(): Promise<string> {
  const text = await readFile(join(ROOT, 'deploy/redis.yaml'), 'utf8');
  const image = process.env.REDIS_IMAGE ?? '';
  return image === '' ? text : text.replace(REDIS_IMAGE, `image: ${image}`);
}

/** Takes all of it away, also what a run that was cut short left half done. */
export async function removeAll(): Promise<void> {
  for (const stack of ['stack.trainer.yml', 'stack.yml'])
    await attempt('faas-cli', ['remove', '-f', stack, '--gateway', gateway()]);
  const redis = ['statefulset/redis', 'service/redis', 'configmap/redis', 'networkpolicy/redis'];
  const rest = [
    ...redis,
    'pvc/data-redis-0',
    'secret/trainer-token',
    'secret/store-password',
    'namespace/clip-load',
  ];
  await kubectl(['delete', '--ignore-not-found', '--wait=true', '--timeout=60s', ...rest]);
  await removeVolume();
  const nodes = await kubectlJson<{
    items: { metadata: { name: string }; spec: { unschedulable?: boolean } }[];
  }>(['get', 'nodes', '-l', 'clip-functions-test=draining']);
  for (const { metadata } of nodes.items) {
    await kubectl(['uncordon', metadata.name]);
    await kubectl(['label', 'node', metadata.name, 'clip-functions-test-']);
  }
}
