import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

export type Texts = Readonly<Record<string, string>>;

/** What one entry of `functions` in a stack file says, as far as one machine needs it. */
export interface StackFunction {
  readonly name: string;
  /** Folder of the handler, relative to the stack file. */
  readonly handler: string;
  readonly image: string;
  readonly environment: Texts;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly limits: Texts;
  readonly requests: Texts;
  readonly readOnlyRootFilesystem: boolean;
}

/** @throws Error naming the file and what is wrong with it */
export async function readStackFile(path: string, env: NodeJS.ProcessEnv): Promise<readonly StackFunction[]> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`Expected a stack file at ${path} but there is none.`);
  });
  try {
    return parseStack(substitute(text, env));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** `${NAME}` and `${NAME:-default}`, as faas-cli does before it reads the file. */
export function substitute(text: string, env: NodeJS.ProcessEnv): string {
  return text.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_match, name: string, fallback: string | undefined) => {
    const value = env[name];
    return value === undefined || value === '' ? (fallback ?? '') : value;
  });
}

/** What OpenFaaS takes for a function's name: it becomes part of addresses, and here a folder of dist/. */
const NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** @throws Error when the text has no functions, or one of another name, without a handler, or with settings that are no texts */
export function parseStack(text: string): readonly StackFunction[] {
  const functions = membersOf(membersOf(parse(text)).functions);
  const names = Object.keys(functions);
  if (names.length === 0) throw new Error('Expected `functions` in the stack file but received none.');
  return names.map((name) => {
    if (!NAME.test(name)) {
      throw new Error(`Expected a function's name of a-z, 0-9 and - but received ${JSON.stringify(name)}.`);
    }
    const entry = membersOf(functions[name]);
    if (typeof entry.handler !== 'string') {
      throw new Error(`Expected a folder for \`handler\` of ${name} in the stack file but received none.`);
    }
    const texts = (field: string) => textsOf(entry[field], `\`${field}\` of ${name}`);
    return {
      name,
      handler: entry.handler,
      image: typeof entry.image === 'string' ? entry.image : name,
      environment: texts('environment'),
      labels: texts('labels'),
      annotations: texts('annotations'),
      limits: texts('limits'),
      requests: texts('requests'),
      readOnlyRootFilesystem: entry.readonly_root_filesystem === true,
    };
  });
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMapping ? (value as Record<string, unknown>) : {};
}

/** Names with texts, numbers, true or false; nothing after the colon is an empty text. */
function textsOf(value: unknown, what: string): Texts {
  if ((value ?? undefined) !== undefined && (typeof value !== 'object' || Array.isArray(value))) {
    throw new Error(`Expected names and values for ${what} but received ${JSON.stringify(value)}.`);
  }
  return Object.fromEntries(
    Object.entries(membersOf(value)).map(([key, entry]) => [key, textOf(entry, `${key} in ${what}`)]),
  );
}

function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`Expected a text for ${what} but received ${JSON.stringify(value)}.`);
}
