import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateFunction } from '../../../../shared/core/served-function.ts';

/**
 * A function whose faults are set from outside, to stand in for `clip`: it answers after `answer_ms`, or sooner when its
 * caller leaves, but not when it is told that its time is nearly over; bodies of `quick_bytes` and more it answers at once. With
 * `fault: die` its process ends with the request in it, with `fault: block` nothing in its process runs for `answer_ms`.
 * Whom it keeps waiting it logs. `GET /secret/NAME` tells a secret's length.
 */
export const createFunction: CreateFunction = (env, log) =>
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
      if (env.fault === 'block') block(Number(env.answer_ms ?? 0));
      const isQuick = byteLength >= Number(env.quick_bytes ?? Infinity);
      if (!isQuick) {
        log.info({ callId: request.headers.get('X-Call-Id') }, 'waiting');
        await wait(Number(env.answer_ms ?? 0), request.signal);
      }
      return Response.json({ bytes: byteLength, version: env.version ?? '' });
    },
  });

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      if ((signal.reason as DOMException).name !== 'AbortError') return;
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Keeps the one thread: not even the server around the function gets to answer. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
