import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isHttpAddress } from '../../shared/core/http-address.ts';
import type { Environment } from '../../shared/core/settings.ts';
import { usageError, UserError } from '../command/user-error.ts';

export const USAGE = `Teaches a head with a folder of pictures for each label, at a running set of functions.

  npm run train -- --head three-dogs --data DIR

  --head ID            the head: small letters, digits and hyphens; a new one, or one that is there
  --data DIR           a folder for each label ("_" for a space), or a flat folder with a labels.csv of file and label
  --gateway URL        where the functions are; default: OPENFAAS_URL, else http://127.0.0.1:8080
  --token-file FILE    holds the trainer's token; default: the environment's TRAINER_TOKEN
  --title TEXT         the head's title for people
  --seed NUMBER        another split of the pictures, and another order
  --no-augment         learn from the pictures alone, not from altered copies too
  --help               this text

Pictures that are there already are not sent again, so that the same command goes on where it stopped. Of each picture its
label, hash, embeddings and a small copy are kept, until somebody with the token removes them.`;

export interface TrainArguments {
  readonly head: string;
  readonly data: string;
  /** Without a slash at its end. */
  readonly gateway: string;
  /** A file, or undefined for the environment's token. */
  readonly tokenFile: string | undefined;
  /** As the route takes them. */
  readonly options: Readonly<Record<string, string>>;
}

const OPTIONS = {
  head: { type: 'string' },
  data: { type: 'string' },
  gateway: { type: 'string' },
  'token-file': { type: 'string' },
  title: { type: 'string' },
  seed: { type: 'string' },
  'no-augment': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * @param argv without node and script
 * @returns `help` when that was asked for
 * @throws UserError (exit code 2) for anything that is not understood
 */
export function parseTrainArguments(argv: readonly string[], env: Environment): TrainArguments | 'help' {
  const values = parse(argv);
  if (values.help || argv.length === 0) return 'help';
  const { head, data, title, seed } = values;
  if (head === undefined) throw usageError('Expected --head but received none.', 'train');
  if (data === undefined) throw usageError('Expected --data but received none.', 'train');
  const gateway = values.gateway ?? env.OPENFAAS_URL ?? 'http://127.0.0.1:8080';
  if (!isHttpAddress(gateway)) {
    throw usageError(
      `Expected an address such as http://127.0.0.1:8080 for --gateway but received ${gateway}.`,
      'train',
    );
  }
  return {
    head,
    data,
    gateway: gateway.replace(/\/+$/, ''),
    tokenFile: values['token-file'],
    options: {
      ...(title !== undefined && { title }),
      ...(seed !== undefined && { seed }),
      ...(values['no-augment'] && { augment: 'false' }),
    },
  };
}

/** @throws UserError where there is none */
export async function readToken(file: string | undefined, env: Environment): Promise<string> {
  if (file === undefined) {
    const token = env.TRAINER_TOKEN?.trim() ?? '';
    if (token !== '') return token;
    throw new UserError(
      'Expected the token in TRAINER_TOKEN, or in the file that --token-file names, but received none. ' +
        '`npm start` prints one, `npm run secrets` makes one for a cluster.',
      { exitCode: 2 },
    );
  }
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(`Expected a file with the token for --token-file but could not read ${file}.`);
  });
  if (text.trim() === '') throw new UserError(`Expected a token in ${file} but it is empty.`);
  return text.trim();
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values;
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error), 'train');
  }
}
