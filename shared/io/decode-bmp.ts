import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { BmpAnswer } from './bmp.worker.ts';
import { startWorker } from './start-worker.ts';
import { tooSlow, undecodable } from './undecodable-image.ts';

export type BmpPixels = Extract<BmpAnswer, { rgba: unknown }>;

/** One picture at a time: jimp holds the file, four bytes a pixel and a copy. */
let lane: Promise<unknown> = Promise.resolve();
let idleWorker: Worker | undefined;
let idleTimer: NodeJS.Timeout | undefined;

/** A thread that stays for the next picture holds on to the memory of the last. */
const IDLE_MS = 10_000;

/**
 * Decodes a BMP by jimp, in a thread of its own that is ended when it takes too long: JavaScript cannot be interrupted
 * otherwise. Check the size that its header claims first.
 * @throws AppError undecodable-image
 */
export function decodeBmp(bytes: Uint8Array, timeoutMs: number): Promise<BmpPixels> {
  const result = lane.then(() => decodeNow(bytes, timeoutMs));
  // Only when it ended is kept of it, not its pixels.
  lane = result.then(
    () => undefined,
    () => undefined,
  );
  return result;
}

async function decodeNow(bytes: Uint8Array, timeoutMs: number): Promise<BmpPixels> {
  const worker = takeWorker();
  let answer: BmpAnswer;
  try {
    answer = await ask(worker, bytes, timeoutMs);
  } catch (error) {
    await worker.terminate();
    throw undecodable(error, 'bmp');
  }
  keepForNext(worker);
  if ('reason' in answer) throw undecodable(answer.reason, 'bmp');
  return answer;
}

function takeWorker(): Worker {
  clearTimeout(idleTimer);
  const worker = idleWorker ?? start();
  idleWorker = undefined;
  worker.ref();
  return worker;
}

function start(): Worker {
  const worker = startWorker(new URL('./bmp.worker.ts', import.meta.url));
  // Whoever waits for an answer hears of it; a thread that dies while it is idle must not end the process.
  return worker.on('error', () => undefined);
}

function keepForNext(worker: Worker): void {
  worker.unref();
  idleWorker = worker;
  idleTimer = setTimeout(() => {
    idleWorker = undefined;
    void worker.terminate();
  }, IDLE_MS).unref();
}

function ask(worker: Worker, bytes: Uint8Array, timeoutMs: number): Promise<BmpAnswer> {
  const ended = new AbortController();
  const { signal } = ended;
  const answer = new Promise<BmpAnswer>((resolve, reject) => {
    const timer = setTimeout(() => reject(tooSlow('bmp', timeoutMs)), timeoutMs);
    signal.addEventListener('abort', () => clearTimeout(timer));
    void once(worker, 'message', { signal }).then(([message]) => resolve(message as BmpAnswer), reject);
    void once(worker, 'exit', { signal }).then(
      ([code]) => reject(undecodable(`the decoder ended: ${code}`, 'bmp')),
      reject,
    );
    worker.postMessage(bytes);
  });
  return answer.finally(() => ended.abort());
}
