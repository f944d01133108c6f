import { rm, writeFile } from 'node:fs/promises';
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBundle } from '../../shared/io/bundle-directory.ts';
import { chooseBundle } from '../../shared/io/choose-bundle.ts';
import { cpuLimit } from '../../shared/io/cpu-limit.ts';
import { formatBytes } from '../command/progress.ts';
import type { CommandContext } from '../command/command-context.ts';
import { UserError, usageError } from '../command/user-error.ts';
import { BenchPictures } from './bench-pictures.ts';
import { buildClip, ClipProcess } from './clip-process.ts';
import { drawHostileFiles, readHostileFiles } from './hostile-files.ts';
import { markdownTable, type BenchRow } from './markdown-table.ts';
import { measureEventLoop } from './measure-event-loop.ts';
import { measureHostile, measureService } from './measure-service.ts';
import { measureStart } from './measure-start.ts';

const USAGE = `How fast the clip function is, each figure beside a baseline of the same run, as a Markdown table.

  npm run bench

  --model ID     bundle to measure (also: CLIP_MODEL); default: mini-clip
  --models DIR   another folder than models (also: models_dir)
  --hostile DIR  hostile files beside our own; default: hostile/ of TEST_DATA_DIR, where that is set
  --out FILE     write the table as well
  --help         this text

Goals are for an idle machine of two cores. Leaves with 0 whether they are met or not.`;

/**
 * `npm run bench -- …`
 * @throws UserError for wrong options or a bundle that is not there; Error when the function fails
 */
export async function runBench(argv: readonly string[], context: CommandContext): Promise<void> {
  const values = parse(argv);
  const say = (text: string) => context.output.write(`${text}\n`);
  if (values.help === true) return void say(USAGE);
  const modelsDir = values.models ?? context.env.models_dir ?? 'models';
  const wanted = values.model ?? context.env.CLIP_MODEL ?? 'mini-clip';
  const model = await chooseBundle(modelsDir, wanted).catch((error: unknown) => {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const dataDir = context.env.TEST_DATA_DIR;
  const hostileDir = values.hostile ?? (dataDir === undefined ? undefined : join(dataDir, 'hostile'));
  const outDir = `dist/bench-${process.pid}`;
  try {
    const rows = await measure({ modelsDir, model, hostileDir, outDir, say });
    const text = `${machine()}, ${model}\n\n${markdownTable(rows)}`;
    say(`\n${text}`);
    if (values.out !== undefined) await writeFile(values.out, `${text}\n`);
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

interface BenchSetting {
  readonly modelsDir: string;
  readonly model: string;
  readonly hostileDir: string | undefined;
  readonly outDir: string;
  readonly say: (text: string) => unknown;
}

async function measure({ modelsDir, model, hostileDir, outDir, say }: BenchSetting): Promise<BenchRow[]> {
  say('Drawing pictures, building the clip function …');
  const pictures = await BenchPictures.draw();
  const options = { modelsDir, model, script: await buildClip(outDir) };
  say('Starting it …');
  const rows = [await measureStart(options, pictures.next())];
  const clip = await ClipProcess.start(options);
  try {
    await clip.firstAnswer(pictures.next());
    const atRest = (await clip.memory()).now;
    say('Classifying …');
    rows.push(...(await measureService(clip, pictures)));
    say('Hostile files …');
    const ours = await drawHostileFiles();
    const theirs = hostileDir === undefined ? [] : await readHostileFiles(hostileDir);
    const { row, failures } = await measureHostile(clip, [...ours, ...theirs], pictures.next());
    rows.push(row);
    for (const failure of failures) say(`A hostile file was answered with a server error: ${failure}`);
    rows.push(memoryRow(atRest, await clip.memory()));
  } finally {
    await clip.stop();
  }
  say('Event loop …');
  const bundle = await readBundle(join(modelsDir, model));
  rows.splice(2, 0, await measureEventLoop(bundle, cpuLimit()));
  return rows;
}

function memoryRow(atRest: number, memory: { now: number; greatest: number }): BenchRow {
  return {
    what: 'memory after all of it (greatest in between)',
    value: `${formatBytes(memory.now)} (${formatBytes(memory.greatest)})`,
    baseline: `after the first answer: ${formatBytes(atRest)}`,
    ...(atRest > 0 && { ratio: memory.now / atRest }),
  };
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpu?.model.trim() ?? 'unknown CPU'}, ${cpuLimit()} CPUs, ${platform()} ${arch()}, Node ${process.version}`;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        model: { type: 'string' },
        models: { type: 'string' },
        hostile: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error), 'bench');
  }
}
