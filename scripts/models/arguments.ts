import { parseArgs } from 'node:util';
import type { Environment } from '../../shared/core/settings.ts';
import { parseMirror } from './source-url.ts';
import { usageError } from '../command/user-error.ts';

export const ACTIONS = ['list', 'fetch', 'prepare', 'verify', 'remove'] as const;
export type Action = (typeof ACTIONS)[number] | 'help';

export interface ModelsArguments {
  readonly action: Action;
  /** Empty for `list` and `help`. */
  readonly id: string;
  readonly modelsDir: string;
  readonly catalogPath: string;
  readonly from?: string;
  readonly mirror?: string;
  readonly prepare: boolean;
}

const OPTIONS = {
  from: { type: 'string' },
  mirror: { type: 'string' },
  catalog: { type: 'string' },
  models: { type: 'string' },
  'no-prepare': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * @param argv without node and script
 * @throws UserError (exit code 2) for anything that is not understood
 */
export function parseModelsArguments(argv: readonly string[], env: Environment): ModelsArguments {
  const { values, positionals } = parse(argv);
  const [word, id, ...more] = positionals;
  const action = values.help === true || word === undefined ? 'help' : ACTIONS.find((name) => name === word);
  if (action === undefined) {
    throw usageError(`Expected one of ${ACTIONS.join(', ')} but received "${word ?? ''}".`, 'models');
  }
  const needsId = action !== 'list' && action !== 'help';
  if (needsId && (id === undefined || !/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id))) {
    throw usageError(`Expected a bundle's id after ${action} but received ${id ?? 'nothing'}.`, 'models');
  }
  if (more.length > 0) throw usageError(`Expected one id but received also ${more.join(', ')}.`, 'models');
  const modelsDir = values.models ?? env.models_dir ?? 'models';
  const mirror = values.mirror ?? (env.CLIP_MODEL_MIRROR === '' ? undefined : env.CLIP_MODEL_MIRROR);
  if (mirror !== undefined) parseMirror(mirror);
  return {
    action,
    id: needsId ? (id ?? '') : '',
    modelsDir,
    catalogPath: values.catalog ?? `${modelsDir}/catalog.json`,
    ...(values.from !== undefined && { from: values.from }),
    ...(mirror !== undefined && { mirror }),
    prepare: values['no-prepare'] !== true,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error), 'models');
  }
}
