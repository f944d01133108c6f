import { Ajv, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Manifest } from './manifests.ts';

const require = createRequire(import.meta.url);

/** Where the schemas of kubernetes-models gather as they are asked for, by id. */
interface Registry {
  readonly ajv: { readonly schemas: Readonly<Record<string, { readonly schema: AnySchemaObject }>> };
}

/** `apps/v1` and others, as Kubernetes names their packages. */
const GROUPS: Readonly<Record<string, string>> = {
  v1: 'core.v1',
  'apps/v1': 'apps.v1',
  'batch/v1': 'batch.v1',
  'networking.k8s.io/v1': 'networking.v1',
  'policy/v1': 'policy.v1',
};

/**
 * Fields that are younger than the package's schemas, by the schema's id. Its releases that know them (4.4 on) are compiled: nothing
 * in them can be made to refuse unknown keys.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/
 */
const YOUNGER: Readonly<Record<string, Readonly<Record<string, AnySchemaObject>>>> = {
  'io.k8s.api.batch.v1.JobSpec': {
    backoffLimitPerIndex: { type: 'integer', format: 'int32', minimum: 0 },
  },
};

/** @see k8s.io/apimachinery/pkg/api/resource: a number with a binary or decimal suffix */
const QUANTITY = /^[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/**
 * What Kubernetes' own schema has against a manifest; unknown keys count, as they do for an API server that validates
 * strictly.
 * @example schemaFaults({ apiVersion: 'v1', kind: 'Service', …, spec: { prots: [] } }) // ['/spec … : prots']
 * @throws Error for a kind without a schema
 */
export function schemaFaults(manifest: Manifest): readonly string[] {
  const validate = validatorOf(schemaId(manifest));
  void validate(manifest);
  return [...new Set((validate.errors ?? []).filter(isOfUse).map(describeFault))];
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(id: string): ValidateFunction {
  const known = validators.get(id);
  if (known !== undefined) return known;
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: true });
  formats.default(ajv);
  ajv.addFormat('quantity', QUANTITY);
  ajv.addFormat('byte', /^[A-Za-z0-9+/]*={0,2}$/);
  for (const [key, { schema }] of Object.entries(registered(id)))
    if (key.startsWith('io.k8s.')) ajv.addSchema(strict(completed(key, schema)), key);
  const validate = ajv.getSchema(id);
  if (validate === undefined) throw new Error(`Expected a schema of ${id}.`);
  validators.set(id, validate);
  return validate;
}

/** @example schemaId({ apiVersion: 'apps/v1', kind: 'StatefulSet', … }) // 'io.k8s.api.apps.v1.StatefulSet' */
function schemaId({ apiVersion, kind }: Manifest): string {
  const group = GROUPS[apiVersion];
  if (group === undefined) throw new Error(`Expected a known apiVersion but received ${apiVersion}.`);
  return `io.k8s.api.${group}.${kind}`;
}

/** The packages hand out models, not the schemas that these are checked by: their files are asked for by path. */
function registered(id: string): Registry['ajv']['schemas'] {
  const models = dirname(require.resolve('kubernetes-models'));
  const validator = dirname(createRequire(join(models, 'index.js')).resolve('@kubernetes-models/validate'));
  const name = id.replace(/(^|\.)(\w)/g, (_match, _dot, letter: string) => letter.toUpperCase());
  const { addSchema } = require(join(models, '_schemas', `${name}.js`)) as { addSchema: () => void };
  addSchema();
  return (require(join(validator, 'ajv.js')) as Registry).ajv.schemas;
}

function completed(id: string, schema: AnySchemaObject): AnySchemaObject {
  return { ...schema, properties: { ...(schema.properties as object | undefined), ...YOUNGER[id] } };
}

/** The same schema, with no room for keys that it does not name. */
function strict(schema: AnySchemaObject): AnySchemaObject {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) =>
    isObjectSchema(value) ? { ...value, additionalProperties: false } : value,
  ) as AnySchemaObject;
}

function isObjectSchema(value: unknown): value is AnySchemaObject {
  return typeof value === 'object' && value !== null && 'properties' in value && 'type' in value;
}

/** A field may be null everywhere: that it is not is no news. */
function isOfUse({ keyword, params }: ErrorObject): boolean {
  return keyword !== 'oneOf' && (params as { type?: string }).type !== 'null';
}

function describeFault({ instancePath, message = '', params }: ErrorObject): string {
  const key = (params as { additionalProperty?: string }).additionalProperty;
  return `${instancePath} ${message}${key === undefined ? '' : `: ${key}`}`.trim();
}
