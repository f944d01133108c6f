import { Ajv, type ErrorObject } from 'ajv';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { substitute } from '../../scripts/gateway/stack-file.ts';

export interface StackFile {
  version: number;
  provider: { name: string; gateway: string };
  configuration: { copy: string[] };
  functions: Record<string, StackEntry>;
}

export interface StackEntry {
  lang: string;
  handler: string;
  image: string;
  environment: Record<string, string>;
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  limits: { cpu: string; memory: string };
  requests: { cpu: string; memory: string };
  build_args?: Record<string, string>;
  readonly_root_filesystem: boolean;
}

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The stack file as faas-cli reads it with this environment. */
export function readStack(env: NodeJS.ProcessEnv = {}, file = 'stack.yml'): StackFile {
  return parse(substitute(readFileSync(`${ROOT}/${file}`, 'utf8'), env)) as StackFile;
}

/** What the schema has against it: `/functions/clip must NOT have additional properties: timeout`, … */
export function schemaErrors(stack: unknown): readonly string[] {
  const schema = JSON.parse(readFileSync(new URL('./stack.schema.json', import.meta.url), 'utf8')) as object;
  const ajv = new Ajv({ allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  validate(stack);
  return (validate.errors ?? []).map(describeError);
}

function describeError({ instancePath, message = '', params }: ErrorObject): string {
  const more = (params as { additionalProperty?: string }).additionalProperty;
  return `${instancePath} ${message}${more === undefined ? '' : `: ${more}`}`;
}
