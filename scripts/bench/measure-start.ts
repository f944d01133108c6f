import { spawnSync } from 'node:child_process';
import { ClipProcess, type ClipProcessOptions } from './clip-process.ts';
import { milliseconds, type BenchRow } from './markdown-table.ts';
import { median } from './statistics.ts';

const STARTS = 3;
/** What no version of this can do without: Node itself and the two libraries. */
const BARE = "import('onnxruntime-node').then(() => import('sharp'))";
const GOAL_MS = 1_500;

/** First answer after process start, beside a process that loads the same libraries and ends. */
export async function measureStart(options: ClipProcessOptions, picture: Uint8Array): Promise<BenchRow> {
  const starts: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    bare.push(timed(() => void spawnSync(process.execPath, ['--input-type=module', '-e', BARE])));
    const started = performance.now();
    const clip = await ClipProcess.start(options);
    await clip.firstAnswer(picture).finally(() => clip.stop());
    starts.push(performance.now() - started);
  }
  const value = median(starts);
  return {
    what: `first answer after process start, median of ${STARTS}`,
    value: milliseconds(value),
    baseline: `Node that loads onnxruntime and sharp and ends: ${milliseconds(median(bare))}`,
    ratio: value / median(bare),
    goal: `≤ ${GOAL_MS} ms`,
    isMet: value <= GOAL_MS,
  };
}

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
