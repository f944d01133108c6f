import type { Environment } from '../../shared/core/settings.ts';
import type { ProgressOutput } from './progress.ts';

/** All that a command touches beside the disk and the network. */
export interface CommandContext {
  readonly env: Environment;
  readonly output: ProgressOutput;
  /** Aborted by Ctrl-C, with the error that the command then ends in. */
  readonly signal: AbortSignal;
}
