import type { Environment } from './settings.ts';

/** What a function may say to its log, one JSON line a call. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What `createFunction` of a handler.ts resolves to. */
export interface ServedFunction {
  fetch(request: Request): Promise<Response>;
  ready(): boolean;
  close(): Promise<void>;
}

export type CreateFunction = (env: Environment, log: Log) => Promise<ServedFunction>;

/** The one export of a handler. @throws Error when the module at `url` lacks it. */
export async function importHandler(url: URL): Promise<CreateFunction> {
  const module = (await import(url.href)) as { readonly createFunction?: unknown };
  if (typeof module.createFunction !== 'function') {
    throw new Error(
      `Expected handler.ts to export createFunction but received ${typeof module.createFunction}.`,
    );
  }
  return module.createFunction as CreateFunction;
}
