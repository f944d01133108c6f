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

/** @throws Error when the text has no functions, or one without a handler */
export function parseStack(text: string): readonly StackFunction[] {
  const functions = membersOf(membersOf(parse(text)).functions);
  const names = Object.keys(functions);
  if (names.length === 0) throw new Error('Expected `functions` in the stack file but received none.');
  return names.map((name) => {
    const entry = membersOf(functions[name]);
    if (typeof entry.handler !== 'string') {
      throw new Error(`Expected a folder for \`handler\` of ${name} in the stack file but received none.`);
    }
    return {
      name,
      handler: entry.handler,
      image: typeof entry.image === 'string' ? entry.image : name,
      environment: textsOf(entry.environment),
      labels: textsOf(entry.labels),
      annotations: textsOf(entry.annotations),
      limits: textsOf(entry.limits),
      requests: textsOf(entry.requests),
      readOnlyRootFilesystem: entry.readonly_root_filesystem === true,
    };
  });
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textsOf(value: unknown): Texts {
  return Object.fromEntries(Object.entries(membersOf(value)).map(([key, entry]) => [key, String(entry)]));
}
