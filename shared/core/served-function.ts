import type { Log } from './log.ts';
import type { Environment } from './settings.ts';

/** What a handler makes of itself: all that the template, the local gateway and the tests ever use. */
export interface ServedFunction {
  /** Answers one request. It may be called before `ready()`: it then waits, bounded in time. */
  fetch(request: Request): Promise<Response>;
  /** True once everything that the first answer needs is loaded. */
  ready(): boolean;
  /** Ends workers and connections. Called once, when no request is in flight. */
  close(): Promise<void>;
}

/** The one export of every `functions/<name>/handler.ts`, under the name `createFunction`. */
export type CreateFunction = (env: Environment, log: Log) => Promise<ServedFunction>;
