import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateFunction } from '../../../../shared/core/served-function.ts';

/**
 * A function whose faults are set from outside, to stand in for `clip`: it answers after `answer_ms`, or sooner when its
 * caller leaves; bodies of `quick_bytes` and more it answers at once; with `fault: die` its process ends with the request in it. `GET /secret/NAME` tells a secret's length.
 */
export const createFunction: CreateFunction = (env) =>
  Promise.resolve({
    ready: () => true,
    close: () => Promise.resolve(),
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const secret = /^\/secret\/([\w-]+)$/.exec(pathname)?.[1];
      if (secret !== undefined) {
        const text = await readFile(join(env.secrets_dir ?? '/var/openfaas/secrets', secret), 'utf8');
        return Response.json({ length: text.length });
      }
      const { byteLength } = await request.arrayBuffer();
      if (env.fault === 'die') process.exit(3);
      const isQuick = byteLength >= Number(env.quick_bytes ?? Infinity);
      if (!isQuick) await wait(Number(env.answer_ms ?? 0), request.signal);
      return Response.json({ bytes: byteLength, version: env.version ?? '' });
    },
  });

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
