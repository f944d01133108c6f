import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Evaluation } from '../../shared/core/evaluation.ts';
import type { EvaluationReport } from '../../shared/core/evaluation-report.ts';
import type { HeadDefinition } from '../../shared/core/head.ts';
import { readBundle } from '../../shared/io/bundle-directory.ts';
import { chooseBundle } from '../../shared/io/choose-bundle.ts';
import { cpuLimit } from '../../shared/io/cpu-limit.ts';
import type { Encoder } from '../../shared/io/encoder.ts';
import { startEncoder } from '../../shared/io/onnx-encoder.ts';
import { digitsSource, embeddingSource } from '../../shared/io/picture-source.ts';
import { readPixelHeads, type PixelHead } from '../../shared/io/pixel-head-directory.ts';
import { Progress } from '../command/progress.ts';
import type { CommandContext } from '../command/command-context.ts';
import { UserError } from '../command/user-error.ts';
import { parseEvaluateArguments, USAGE, type EvaluateArguments } from './arguments.ts';
import { definitionOf, definitionOfPixelHead, headOf } from './choose-head.ts';
import { readDataSet, type DataSet } from './data-set.ts';
import { embedFiles } from './embed-files.ts';
import { describeUnknown, knownPictures, requireKnown, type KnownPictures } from './known-pictures.ts';
import { summarise } from './summary.ts';

/** What the command needs beside the disk; tests bring an encoder of their own. */
export interface EvaluateContext extends CommandContext {
  readonly startEncoder?: typeof startEncoder;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * `npm run evaluate -- …`
 * @returns the report; undefined when only help was asked for
 * @throws UserError with a message for the user; the signal's reason after Ctrl-C
 */
export async function runEvaluate(
  argv: readonly string[],
  context: EvaluateContext,
): Promise<EvaluationReport | undefined> {
  const args = parseEvaluateArguments(argv, context.env);
  const say = (text: string) => context.output.write(`${text}\n`);
  if (args === 'help') return void say(USAGE);
  await requireFile(args.out);
  const data = await readDataSet(args.data, args.labels);
  const bundleId = await chooseBundle(args.modelsDir, args.model).catch((error: unknown) => {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const bundle = await readBundle(join(args.modelsDir, bundleId));
  const task = await readTask(args, data);
  const encoder = await (context.startEncoder ?? startEncoder)(bundle, { threads: cpuLimit() });
  try {
    const report = await measure(args, task, { ...context, encoder });
    say(summarise(report));
    if (args.out !== undefined) {
      await writeReport(args.out, report);
      say(`\nReport: ${args.out}`);
    }
    return report;
  } finally {
    await encoder.close();
  }
}

/** What is measured: a head, and the data's pictures with their labels' positions in it. */
interface Task {
  readonly dataName: string;
  readonly definition: HeadDefinition;
  /** Where the head has a network of its own. */
  readonly pixelHead: PixelHead | undefined;
  readonly known: KnownPictures;
}

/** @throws UserError when head and data do not go together: said before a network is loaded */
async function readTask(args: EvaluateArguments, data: DataSet): Promise<Task> {
  const pixelHead = (await readPixelHeads(args.modelsDir)).find(({ head }) => head.id === args.head);
  const definition =
    pixelHead === undefined
      ? await definitionOf(args.head, args.modelsDir, { data, templates: args.templates })
      : definitionOfPixelHead(pixelHead, args);
  const known = knownPictures(data, definition);
  requireKnown(known, args.skipUnknown);
  return { dataName: data.name, definition, pixelHead, known };
}

async function measure(
  args: EvaluateArguments,
  { dataName, definition, pixelHead, known }: Task,
  context: EvaluateContext & { readonly encoder: Encoder },
): Promise<EvaluationReport> {
  const { encoder, output, signal } = context;
  if (known.unknown.size > 0) output.write(`Left out: ${describeUnknown(known.unknown)}.\n`);
  const { bundle } = encoder;
  output.write(
    `${pixelHead?.head.title ?? bundle.manifest.title}, ${definition.labels.length} labels, ${known.pictures.length} pictures\n`,
  );
  const head =
    pixelHead?.head ??
    (await headOf(definition, args.kind, { bundle, encodeTexts: (texts) => encoder.encodeTexts(texts) }));
  const files =
    pixelHead === undefined
      ? embedFiles(known.pictures, embeddingSource(encoder), signal)
      : embedFiles(known.pictures, digitsSource(encoder, pixelHead), signal);
  const evaluation = new Evaluation(head);
  const progress = new Progress({
    total: known.pictures.length,
    format: (count) => String(Math.round(count)),
    output,
  });
  let done = 0;
  let unreadable = 0;
  for await (const one of files) {
    progress.update(++done, one.file.said);
    if ('problem' in one) {
      unreadable++;
      progress.say(`${one.file.path}: ${one.problem}`);
    } else {
      evaluation.add({ truth: one.file.position, embedding: one.embedding, sha256: one.sha256 });
    }
  }
  progress.end();
  if (unreadable === done) throw new UserError('None of the pictures could be read.');
  return {
    model:
      pixelHead === undefined
        ? { id: bundle.manifest.id, revision: bundle.revision }
        : { id: head.id, revision: head.bundleRevision },
    head: head.id,
    kind: head.kind,
    version: head.version,
    data: dataName,
    date: new Date((context.now ?? Date.now)()).toISOString(),
    unreadable,
    unknown: [...known.unknown.values()].reduce((sum, count) => sum + count, 0),
    ...evaluation.figures(),
  };
}

/** @throws UserError when the report's place is a folder: said before pictures are measured */
async function requireFile(path: string | undefined): Promise<void> {
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) {
    throw new UserError(`Expected a file for --out but received the folder ${path ?? ''}.`);
  }
}

/** Beside its place and moved there: a reader sees the old or the new. */
async function writeReport(path: string, report: EvaluationReport): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, `${JSON.stringify(report)}\n`);
  await rename(`${path}.part`, path);
}
