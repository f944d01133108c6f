import type { BenchPictures } from './bench-pictures.ts';
import type { Answer, ClipProcess } from './clip-process.ts';
import type { HostileFile } from './hostile-files.ts';
import { milliseconds, type BenchRow } from './markdown-table.ts';
import { median, percentile } from './statistics.ts';

/** What of the process is asked here. */
export type Posts = Pick<ClipProcess, 'post'>;

const WARM_UP = 10;
const ONE_BY_ONE = 60;
const TOGETHER = 160;
const IN_FLIGHT = 8;
const LATENCY_GOAL_MS = 25;
const HOSTILE_GOAL_MS = 2_000;

/** One photo in flight; the same photo again, from the cache; eight in flight against one. */
export async function measureService(clip: Posts, pictures: BenchPictures): Promise<readonly BenchRow[]> {
  for (let at = 0; at < WARM_UP; at++) await posted(clip, pictures.next());
  const fresh: number[] = [];
  const startedOne = performance.now();
  for (let at = 0; at < ONE_BY_ONE; at++) fresh.push((await posted(clip, pictures.next())).ms);
  const oneRate = (1000 * ONE_BY_ONE) / (performance.now() - startedOne);
  const known = pictures.next();
  await posted(clip, known);
  const cached: number[] = [];
  for (let at = 0; at < ONE_BY_ONE; at++) cached.push((await posted(clip, known)).ms);
  const manyRate = await rateOf(clip, pictures);
  const value = median(fresh);
  return [
    {
      what: `one photo in flight, 640×480 JPEG, median of ${ONE_BY_ONE}`,
      value: `${milliseconds(value)} (95 %: ${milliseconds(percentile(fresh, 0.95))})`,
      baseline: `the same photo again, from the cache: ${milliseconds(median(cached))}`,
      ratio: value / median(cached),
      goal: `≤ ${LATENCY_GOAL_MS} ms`,
      isMet: value <= LATENCY_GOAL_MS,
    },
    {
      what: `throughput with ${IN_FLIGHT} in flight`,
      value: `${manyRate.toFixed(1)} photos/s`,
      baseline: `1 in flight: ${oneRate.toFixed(1)} photos/s`,
      ratio: manyRate / oneRate,
    },
  ];
}

/** The slowest of hostile files, beside an ordinary photo after them. */
export async function measureHostile(
  clip: Posts,
  files: readonly HostileFile[],
  photo: Uint8Array,
): Promise<{ row: BenchRow; failures: readonly string[] }> {
  let slowest = { name: 'none', ms: 0, status: 0 };
  const failures: string[] = [];
  for (const { name, bytes } of files) {
    const { ms, status } = await clip.post(bytes);
    if (ms > slowest.ms) slowest = { name, ms, status };
    if (status >= 500) failures.push(`${name}: ${status}`);
  }
  const after = (await posted(clip, photo)).ms;
  const row = {
    what: `slowest of ${files.length} hostile files (${slowest.name}: ${slowest.status})`,
    value: milliseconds(slowest.ms),
    baseline: `a photo right after: ${milliseconds(after)}`,
    ratio: slowest.ms / after,
    goal: `≤ ${HOSTILE_GOAL_MS} ms`,
    isMet: slowest.ms <= HOSTILE_GOAL_MS && failures.length === 0,
  };
  return { row, failures };
}

/** @returns photos a second */
async function rateOf(clip: Posts, pictures: BenchPictures): Promise<number> {
  const bodies = Array.from({ length: TOGETHER }, () => pictures.next());
  const started = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await posted(clip, body);
    }),
  );
  return (1000 * TOGETHER) / (performance.now() - started);
}

/** An answer that is not 200 would be quick, and no measurement. */
async function posted(clip: Posts, picture: Uint8Array): Promise<Answer> {
  const answer = await clip.post(picture);
  if (answer.status !== 200)
    throw new Error(`Expected status 200 for a photo but received ${answer.status}.`);
  return answer;
}
