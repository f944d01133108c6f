import { on } from 'node:events';
import type { Epoch, FitOptions } from '../../../shared/core/training/fit.ts';
import { startWorker } from '../../../shared/io/start-worker.ts';

/**
 * `fit` in a thread of its own, so that the event loop stays free; it can be left at any time, also in the middle of
 * an epoch. It ends early, without an error, when the signal says so.
 * @throws what the thread died of
 */
export async function* fitInWorker(options: FitOptions, signal: AbortSignal): AsyncGenerator<Epoch, void> {
  const worker = startWorker(new URL('./fit.worker.ts', import.meta.url), { workerData: options });
  // Whoever reads on hears of an error; nobody may be reading any more.
  worker.on('error', () => undefined);
  try {
    // `on` turns the thread's `error` event into a throw.
    for await (const [epoch] of on(worker, 'message', { signal }) as AsyncIterable<[Epoch | undefined]>) {
      if (epoch === undefined) return;
      yield epoch;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    // Not by waiting for its `exit`: where the reader is slower than the thread, that has been.
    await worker.terminate();
  }
}
