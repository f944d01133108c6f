/**
 * How much quicker the embedded model's towers are than CLIP ViT-B/32's, in the product's own runtime: both in one run, turn
 * and turn about, on the same threads. Random weights do, since time does not depend on them.
 *
 *   python models/training/measure_speed.py --keep DIR   # once: CLIP's towers as ONNX files
 *   npx tsx scripts/bench/towers.ts DIR
 */
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import type { Bundle } from '../../shared/core/bundle.ts';
import { ClipTokenizer } from '../../shared/core/tokenizer.ts';
import { readBundle } from '../../shared/io/bundle-directory.ts';
import { openImageEncoder, openTextEncoder } from '../../shared/io/onnx-encoders.ts';
import { readJsonFile } from '../../shared/io/json-file.ts';
import { openSession, type OnnxSession } from '../../shared/io/onnx-session.ts';
import { runCommand } from '../command/run-command.ts';
import { UserError } from '../command/user-error.ts';
import { markdownTable, milliseconds, type BenchRow } from './markdown-table.ts';
import { median } from './statistics.ts';

const THREADS = 1;
const RUNS = 40;
const LOADS = 5;
const TEXT = 'a photo of a dog';
/** CLIP's own: input side, context, and ids of start, end and of some word. */
const CLIP = { side: 224, context: 77, start: 49_406, end: 49_407, word: 320 };
/** Loading may take as long as so many of the bundle's own image encodes, or this long where that is more. */
const LOAD_ENCODES = 20;
const LOAD_MS = 300;

const IMAGE = { threads: THREADS, input: 'pixel_values', output: 'image_embeds' } as const;
const WORDS = { threads: THREADS, input: 'input_ids', output: 'text_embeds' } as const;

/** One tower beside CLIP's. */
interface Comparison {
  readonly what: string;
  readonly ours: () => Promise<unknown>;
  readonly clip: () => Promise<unknown>;
  /** The greatest ratio of both times that is wanted. */
  readonly most: number;
}

await runCommand(async ({ output }) => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined)
    throw new UserError('Expected the folder of CLIP’s towers: towers.ts DIR', { exitCode: 2 });
  output.write(`${markdownTable(await measure(await readBundle('models/mini-clip'), folder))}\n`);
});

async function measure(bundle: Bundle, clipFolder: string): Promise<BenchRow[]> {
  const tokenizer = new ClipTokenizer(await readJsonFile(bundle.tokenizerPath), bundle.contextLength);
  const tokens = tokenizer.encode(TEXT);
  const ours = {
    image: await openSession({ ...IMAGE, path: bundle.visionModelPath }),
    text: await openSession({ ...WORDS, path: bundle.textModelPath }),
  };
  const clip = {
    image: await openSession({ ...IMAGE, path: join(clipFolder, 'image.onnx') }),
    text: await openSession({ ...WORDS, path: join(clipFolder, 'text.onnx') }),
  };
  const texts = (count: number, length: number): Comparison => ({
    what: `text tower, ${count} of ${tokens.length} tokens, CLIP’s of ${length}`,
    ours: () => run(ours.text, ids(tokens, count)),
    clip: () => run(clip.text, ids(clipTokens(length), count)),
    most: 1 / 10,
  });
  const comparisons: readonly Comparison[] = [
    {
      what: 'image tower, one picture',
      ours: () => run(ours.image, pixels(bundle.preprocessing.cropSize)),
      clip: () => run(clip.image, pixels(CLIP.side)),
      most: 1 / 6,
    },
    texts(1, tokens.length),
    texts(16, tokens.length),
    texts(1, CLIP.context),
  ];
  const times = await medians(
    comparisons.flatMap((pair) => [pair.ours, pair.clip]),
    RUNS,
  );
  const [image = NaN] = times;
  const [loaded = NaN] = await medians([() => load(bundle.directory)], LOADS);
  const limit = Math.max(LOAD_ENCODES * image, LOAD_MS);
  return [
    ...comparisons.map((pair, at) => compared(pair, times[2 * at] ?? NaN, times[2 * at + 1] ?? NaN)),
    {
      what: 'whole bundle loaded',
      value: milliseconds(loaded),
      baseline: `an image encode: ${milliseconds(image)}`,
      ratio: loaded / image,
      goal: `≤ ${milliseconds(limit)}`,
      isMet: loaded <= limit,
    },
  ];
}

function compared({ what, most }: Comparison, ours: number, clip: number): BenchRow {
  return {
    what,
    value: milliseconds(ours),
    baseline: `CLIP ViT-B/32: ${milliseconds(clip)}`,
    ratio: ours / clip,
    goal: `≤ ${most.toFixed(2)}`,
    isMet: ours / clip <= most,
  };
}

/** Median milliseconds of each, called in turn, so that other load on the machine meets all alike. */
async function medians(calls: readonly (() => Promise<unknown>)[], rounds: number): Promise<number[]> {
  const times = calls.map((): number[] => []);
  for (const call of calls) await call();
  for (let round = 0; round < rounds; round++) {
    for (const [at, call] of calls.entries()) times[at]?.push(await timed(call));
  }
  return times.map(median);
}

/** The files read, and both encoders opened, tokenizer included. */
async function load(directory: string): Promise<void> {
  const bundle = await readBundle(directory);
  await Promise.all([openImageEncoder(bundle, THREADS), openTextEncoder(bundle, THREADS)]);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function run({ session }: OnnxSession, feeds: Record<string, Tensor>): Promise<unknown> {
  return session.run(feeds);
}

function pixels(side: number): Record<string, Tensor> {
  return { pixel_values: new Tensor('float32', new Float32Array(3 * side * side), [1, 3, side, side]) };
}

function ids(tokens: readonly number[], count: number): Record<string, Tensor> {
  const values = BigInt64Array.from({ length: count * tokens.length }, (_, at) =>
    BigInt(tokens[at % tokens.length] ?? 0),
  );
  return { input_ids: new Tensor('int64', values, [count, tokens.length]) };
}

function clipTokens(length: number): number[] {
  return [CLIP.start, ...Array.from({ length: length - 2 }, () => CLIP.word), CLIP.end];
}
