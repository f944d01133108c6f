import { parseArgs } from 'node:util';
import { isTemplate, MAX_TEMPLATES } from '../../shared/core/prompts.ts';
import type { Environment } from '../../shared/core/settings.ts';
import { usageError } from '../command/user-error.ts';
import type { HeadKind } from './choose-head.ts';

export const USAGE = `How well a head does on labelled pictures, through the pipeline that serves them.

  npm run evaluate -- --head cifar100 --data DIR

  --head ID            a head of models/heads; "labels": the classes of the data as own labels
  --data DIR           a folder for each class ("_" for a space), or a flat folder with --labels
  --labels FILE        table with the columns file and label, index or wnid (default: labels.csv of a flat folder)
  --kind KIND          zero-shot (labels through the text encoder) or linear (trained); default: what is served
  --model ID           bundle to measure (also: CLIP_MODEL); default: the one that would be served
  --template TEXT      instead of the head's own templates; may be given several times; one {} in each
  --skip-unknown       leave out pictures whose label the head has not, instead of refusing them
  --out FILE           write the report (JSON)
  --models DIR         another folder than models (also: models_dir)
  --help               this text

All labels of the head compete for every picture, also those that the data do not have.`;

export interface EvaluateArguments {
  readonly head: string;
  readonly data: string;
  readonly labels?: string;
  readonly kind?: HeadKind;
  /** Empty for the bundle that would be served. */
  readonly model: string;
  readonly templates: readonly string[];
  readonly skipUnknown: boolean;
  readonly out?: string;
  readonly modelsDir: string;
}

const OPTIONS = {
  head: { type: 'string' },
  data: { type: 'string' },
  labels: { type: 'string' },
  kind: { type: 'string' },
  model: { type: 'string' },
  template: { type: 'string', multiple: true },
  'skip-unknown': { type: 'boolean' },
  out: { type: 'string' },
  models: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * @param argv without node and script
 * @returns `help` when that was asked for
 * @throws UserError (exit code 2) for anything that is not understood
 */
export function parseEvaluateArguments(
  argv: readonly string[],
  env: Environment,
): EvaluateArguments | 'help' {
  const values = parse(argv);
  if (values.help === true || argv.length === 0) return 'help';
  const { head, data, kind, template = [] } = values;
  if (head === undefined) throw usageError('Expected --head but received none.', 'evaluate');
  if (data === undefined) throw usageError('Expected --data but received none.', 'evaluate');
  if (kind !== undefined && kind !== 'zero-shot' && kind !== 'linear') {
    throw usageError(`Expected zero-shot or linear for --kind but received "${kind}".`, 'evaluate');
  }
  if (template.length > MAX_TEMPLATES || !template.every(isTemplate)) {
    throw usageError(`Expected at most ${MAX_TEMPLATES} texts with one {} for --template.`, 'evaluate');
  }
  return {
    head,
    data,
    model: values.model ?? env.CLIP_MODEL ?? '',
    templates: template,
    skipUnknown: values['skip-unknown'] === true,
    modelsDir: values.models ?? env.models_dir ?? 'models',
    ...(values.labels !== undefined && { labels: values.labels }),
    ...(kind !== undefined && { kind }),
    ...(values.out !== undefined && { out: values.out }),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values;
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error), 'evaluate');
  }
}
