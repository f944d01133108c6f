import { join } from 'node:path';
import { listBundles, readBundle } from '../../shared/io/bundle-directory.ts';
import { cpuLimit } from '../../shared/io/cpu-limit.ts';
import { readHeadDefinitions } from '../../shared/io/head-directory.ts';
import { readJsonFile } from '../../shared/io/json-file.ts';
import { startEncoder } from '../../shared/io/onnx-encoder.ts';
import type { CommandContext } from '../command/command-context.ts';
import { parseModelsArguments, type ModelsArguments } from './arguments.ts';
import { BundlePlace } from './bundle-place.ts';
import { parseCatalog, type CatalogEntry } from './catalog.ts';
import type { Patience } from './download-file.ts';
import { fetchBundle } from './fetch-bundle.ts';
import { bundleRows, formatRows } from './list-bundles.ts';
import { prepareHeads } from './prepare-heads.ts';
import { headState, isCurrent, type HeadState } from './prepared-list.ts';
import { formatBytes, Progress } from '../command/progress.ts';
import { USAGE } from './usage.ts';
import { UserError } from '../command/user-error.ts';

export interface ModelsContext extends CommandContext {
  readonly patience?: Patience;
}

/**
 * `npm run models -- …`
 * @throws UserError with a message for the user; the signal's reason after Ctrl-C
 */
export async function runModels(argv: readonly string[], context: ModelsContext): Promise<void> {
  const args = parseModelsArguments(argv, context.env);
  const say = (text: string) => context.output.write(`${text}\n`);
  if (args.action === 'help') return void say(USAGE);
  if (args.action === 'list') {
    return void say(formatRows(await bundleRows(await readCatalog(args), args.modelsDir)));
  }
  await ACTIONS[args.action](args, context, say);
}

type RunAction = (
  args: ModelsArguments,
  context: ModelsContext,
  say: (text: string) => unknown,
) => Promise<void>;

const ACTIONS: Readonly<Record<'fetch' | 'prepare' | 'verify' | 'remove', RunAction>> = {
  fetch: runFetch,
  prepare: (args, context, say) =>
    prepare(join(args.modelsDir, args.id), args, context).then(() => void say('The heads are ready.')),
  verify: runVerify,
  remove: runRemove,
};

async function runFetch(args: ModelsArguments, context: ModelsContext, say: (text: string) => unknown) {
  const entry = await entryOf(args);
  const place = new BundlePlace(args.modelsDir, args.id);
  const progress = new Progress({ total: entry.totalBytes, format: formatBytes, output: context.output });
  say(`${entry.manifest.title}, ${formatBytes(entry.totalBytes)}, ${entry.manifest.licence}`);
  const result = await fetchBundle(entry, place, {
    signal: context.signal,
    progress,
    ...(args.from !== undefined && { from: args.from }),
    ...(args.mirror !== undefined && { mirror: args.mirror }),
    ...(context.patience !== undefined && { patience: context.patience }),
    prepare: (directory) => (args.prepare ? prepare(directory, args, context) : Promise.resolve()),
  }).finally(() => progress.end());
  if (result === 'already there' && args.prepare) await prepare(place.target, args, context);
  say(`${args.id} is ${result === 'fetched' ? 'ready' : 'there already'}: ${place.target}`);
}

/** Heads of a directory that may not be in place yet; definitions come from the models folder. */
async function prepare(directory: string, args: ModelsArguments, context: ModelsContext): Promise<void> {
  const bundle = await openBundle(directory, args);
  const definitions = await readHeadDefinitions(args.modelsDir);
  let progress: Progress | undefined;
  const states = await prepareHeads(bundle, definitions, {
    signal: context.signal,
    openTexts: () => startEncoder(bundle, { threads: cpuLimit() }),
    onTexts(done, total, head) {
      progress ??= new Progress({
        total,
        format: (count) => String(Math.round(count)),
        output: context.output,
      });
      progress.update(done, `texts of ${head}`);
    },
  }).finally(() => progress?.end());
  for (const [id, state] of states) {
    const remark = REMARKS[state];
    if (remark !== undefined) context.output.write(`  head ${id}: ${remark}\n`);
  }
}

/** What `prepare` says of a head that it found in this state; of the others nothing. */
const REMARKS: Partial<Record<HeadState, string>> = {
  trained: 'trained for this bundle, and left as it is',
  foreign: 'was trained for another revision of the bundle; made from its prompts instead',
};

async function runVerify(args: ModelsArguments, _: CommandContext, say: (text: string) => unknown) {
  const bundle = await openBundle(join(args.modelsDir, args.id), args, true);
  say(`${args.id} is whole: ${bundle.manifest.files.length} files, revision ${bundle.revision}`);
  const definitions = await readHeadDefinitions(args.modelsDir);
  const states = await Promise.all(definitions.map((definition) => headState(bundle, definition)));
  for (const [index, { id }] of definitions.entries()) say(`  head ${id}: ${states[index] ?? ''}`);
  if (!states.every(isCurrent)) {
    throw new UserError(`Heads are not current. Mend it with: npm run models -- prepare ${args.id}`);
  }
}

async function runRemove(args: ModelsArguments, _: CommandContext, say: (text: string) => unknown) {
  const fetchable = (await readCatalog(args)).some((entry) => entry.manifest.id === args.id);
  if (!fetchable) {
    throw new UserError(`${args.id} is not in the catalogue and could not be fetched again; it stays.`);
  }
  const place = new BundlePlace(args.modelsDir, args.id);
  const removed = await place.locked(() => place.remove());
  say(removed ? `${args.id} is removed.` : `${args.id} was not there.`);
}

async function readCatalog(args: ModelsArguments): Promise<readonly CatalogEntry[]> {
  return parseCatalog(await readJsonFile(args.catalogPath));
}

async function entryOf(args: ModelsArguments): Promise<CatalogEntry> {
  const entries = await readCatalog(args);
  const entry = entries.find(({ manifest }) => manifest.id === args.id);
  if (entry !== undefined) return entry;
  const ids = entries.map(({ manifest }) => manifest.id).join(', ');
  throw new UserError(`Expected a bundle of the catalogue (${ids}) but received ${args.id}.`);
}

async function openBundle(directory: string, args: ModelsArguments, verify = false) {
  const ids = await listBundles(args.modelsDir).catch((): string[] => []);
  if (!directory.includes('.partial-') && !ids.includes(args.id)) {
    throw new UserError(
      `There is no bundle ${args.id} in ${args.modelsDir}. There is: ${ids.join(', ') || 'none'}.`,
    );
  }
  return readBundle(directory, { verify }).catch((error: unknown) => {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error });
  });
}
