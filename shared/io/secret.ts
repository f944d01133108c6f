import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where OpenFaaS mounts secrets into a function. @see https://docs.openfaas.com/reference/secrets/ */
export const SECRETS_DIR = '/var/openfaas/secrets';

/**
 * A secret's text without the line break at its end.
 * @returns undefined where there is no such file, or nothing in it
 */
export async function readSecret(directory: string, name: string): Promise<string | undefined> {
  const text = await readFile(join(directory, name), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const secret = text.replace(/\r?\n$/, '');
  return secret === '' ? undefined : secret;
}
