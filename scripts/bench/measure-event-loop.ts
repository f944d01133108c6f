import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Bundle } from '../../shared/core/bundle.ts';
import { openImageEncoder } from '../../shared/io/onnx-encoders.ts';
import { startEncoder } from '../../shared/io/onnx-encoder.ts';
import { milliseconds, type BenchRow } from './markdown-table.ts';

const RUNS = 20;
/** Pictures of one run: as many as are encoded together under load. */
const BATCH = 8;
/** What a busy machine makes of a loop that does nothing is seen in as many pauses of this length. */
const REST_MS = 20;
const GOAL_MS = 20;
/** The timer that watches the loop fires this often; what it is late by is the lag. */
const RESOLUTION_MS = 1;

/** The longest that the event loop stood still while pictures were encoded: in the worker, and without one. */
export async function measureEventLoop(bundle: Bundle, threads: number): Promise<BenchRow> {
  const side = bundle.preprocessing.cropSize;
  const picture = Uint8Array.from({ length: side * side * 3 }, (_, at) => (at * 31) % 256);
  const encoder = await startEncoder(bundle, { threads });
  const inWorker = await lagWhile(() => encoder.encodeImages(Array.from({ length: BATCH }, () => picture)));
  await encoder.close();
  const session = await openImageEncoder(bundle, threads);
  const packed = new Uint8Array(BATCH * picture.length);
  for (let at = 0; at < BATCH; at++) packed.set(picture, at * picture.length);
  const onMain = await lagWhile(() => session.encode(packed, BATCH));
  const atRest = await lagWhile(() => new Promise((done) => setTimeout(done, REST_MS)));
  return {
    what: `event-loop lag while encoding ${BATCH} at once, greatest of ${RUNS} runs`,
    value: milliseconds(inWorker),
    baseline: `encoding on the main thread: ${milliseconds(onMain)}; nothing to do: ${milliseconds(atRest)}`,
    ratio: inWorker / onMain,
    goal: `≤ ${GOAL_MS} ms`,
    isMet: inWorker <= GOAL_MS,
  };
}

/** @returns the greatest lag in milliseconds */
async function lagWhile(encode: () => Promise<unknown>): Promise<number> {
  await encode();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  // One tick before and after: a delay is counted when the timer fires.
  await tick();
  for (let run = 0; run < RUNS; run++) {
    await encode();
    await tick();
  }
  delay.disable();
  return Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
}

function tick(): Promise<void> {
  return new Promise((done) => setTimeout(done, 2 * RESOLUTION_MS));
}
