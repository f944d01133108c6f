import { TRAINED_LABEL, labelOfFolder } from '../../shared/core/trained-label.ts';
import type { CommandContext } from '../command/command-context.ts';
import { Progress } from '../command/progress.ts';
import { UserError } from '../command/user-error.ts';
import { readDataSet } from '../evaluate/data-set.ts';
import { parseTrainArguments, readToken, USAGE } from './arguments.ts';
import { followTraining } from './follow-training.ts';
import { sendPictures, type FileOutcome, type LabelledPicture } from './send-pictures.ts';
import { describeEvent, describeResult, type Trained } from './summary.ts';
import { TrainerError } from './trainer-error.ts';
import { TrainerClient } from './trainer-client.ts';

/** What the command needs beside its context; tests wait less. */
export interface TrainContext extends CommandContext {
  readonly firstPauseMs?: number;
}

/**
 * `npm run train -- …`
 * @throws UserError with a message for the user; the signal's reason after Ctrl-C
 */
export async function runTrain(argv: readonly string[], context: TrainContext): Promise<void> {
  const { env, output, signal } = context;
  const args = parseTrainArguments(argv, env);
  if (args === 'help') return void output.write(`${USAGE}\n`);
  const { head, gateway, options } = args;
  const token = await readToken(args.tokenFile, env);
  const pictures = await labelledPictures(args.data);
  const client = new TrainerClient({ gateway, token, signal });
  try {
    await send(pictures, { ...context, client, head });
    const onEvent = (event: Parameters<typeof describeEvent>[0]): void => {
      const line = describeEvent(event);
      if (line !== undefined) output.write(`${line}\n`);
    };
    const done = await followTraining({ client, head, options, onEvent });
    output.write(`\n${describeResult(head, done as unknown as Trained)}\n`);
    output.write(`\nAsk it: curl --data-binary @photo.jpg '${gateway}/function/clip?head=${head}'\n`);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof TrainerError ? new UserError(error.message, { cause: error }) : error;
  }
}

/** @throws UserError where a folder's name makes no label */
async function labelledPictures(directory: string): Promise<readonly LabelledPicture[]> {
  const { pictures } = await readDataSet(directory);
  return pictures.map(({ path, said }) => {
    const label = labelOfFolder(said);
    if (label !== '') return { path, label };
    throw new UserError(`Expected ${TRAINED_LABEL.expected} but received ${JSON.stringify(said)}.`);
  });
}

async function send(
  pictures: readonly LabelledPicture[],
  context: TrainContext & { readonly client: TrainerClient; readonly head: string },
): Promise<void> {
  const { client, head, output, signal, firstPauseMs } = context;
  const progress = new Progress({
    total: pictures.length,
    format: (count) => String(Math.round(count)),
    output,
  });
  const counts = { added: 0, 'there already': 0, refused: 0 };
  const onFile = ({ path, label }: LabelledPicture, outcome: FileOutcome): void => {
    counts[outcome.is] += 1;
    if (outcome.is === 'refused') progress.say(`${path}: refused. ${outcome.reason}`);
    const done = counts.added + counts['there already'] + counts.refused;
    progress.update(done, `${label}: ${path.split('/').at(-1) ?? ''} ${outcome.is}`);
  };
  const onPause = (error: TrainerError, ms: number): void =>
    progress.say(`${error.message} Trying again in ${Math.ceil(ms / 1_000)} s.`);
  try {
    await sendPictures(pictures, {
      client,
      head,
      onFile,
      onPause,
      signal,
      ...(firstPauseMs !== undefined && { firstPauseMs }),
    });
  } finally {
    progress.end();
  }
  output.write(
    `${counts.added} pictures added, ${counts['there already']} there already, ${counts.refused} refused.\n`,
  );
}
