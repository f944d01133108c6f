import { randomBytes } from 'node:crypto';
import type { RunFaasCli } from './faas-cli.ts';

/** The first belongs to whoever trains, the second to Redis and the functions alone. */
const SECRETS = ['trainer-token', 'store-password'] as const;
const RANDOM_BYTES = 24;

/** Redis and the functions read them at their start alone. */
const RESTART = `Now start again what read the old ones, Redis first:
  kubectl rollout restart -n openfaas-fn statefulset/redis
  kubectl rollout status -n openfaas-fn statefulset/redis
  kubectl rollout restart -n openfaas-fn deployment/clip deployment/trainer`;

export interface SecretOptions {
  readonly run: RunFaasCli;
  /** `--gateway` and `--namespace`, where they differ from faas-cli's own. */
  readonly where: readonly string[];
  /** Makes secrets anew that are there already. */
  readonly replace: boolean;
}

/**
 * Makes the secrets that are missing. Values go to faas-cli by its standard input: arguments can be read by every
 * process of the machine.
 * @returns what to tell the operator; the token stands in it, the password does not
 * @throws Error when faas-cli fails, with what it said
 */
export async function makeSecrets({ run, where, replace }: SecretOptions): Promise<readonly string[]> {
  const listed = await run(['secret', 'list', ...where]);
  const known = new Set(listed.split(/\s+/));
  const lines: string[] = [];
  for (const name of SECRETS) {
    const isThere = known.has(name);
    if (isThere && !replace) {
      lines.push(`${name} is there already.`);
      continue;
    }
    const value = randomBytes(RANDOM_BYTES).toString('base64url');
    await run(['secret', 'create', name, ...where, ...(isThere ? ['--replace'] : [])], value);
    lines.push(name === 'trainer-token' ? `${name}: ${value} (kept nowhere else)` : `${name} was made.`);
  }
  return replace ? [...lines, RESTART] : lines;
}
