import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread. In a bundle the entry is JavaScript; run from sources (tests, scripts) it is TypeScript, and
 * the thread needs the loader that its parent has: Node 20 does not pass it on.
 *
 * @param entry  a URL made of the worker's path and `import.meta.url`. The build takes every such path in quotes for a
 *   worker of the function, also in comments: write none here
 */
export function startWorker(entry: URL, options: WorkerOptions = {}): Worker {
  if (!entry.pathname.endsWith('.ts')) return new Worker(entry, options);
  const load = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(load, { ...options, eval: true });
}
