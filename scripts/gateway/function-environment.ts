import type { StackFunction } from './stack-file.ts';

export interface EnvironmentSources {
  /** The environment that `npm start` was called with. */
  readonly shell: NodeJS.ProcessEnv;
  /** Where the local gateway serves. */
  readonly gatewayUrl: string;
  /** What one machine adds; it wins over the rest. */
  readonly added?: Readonly<Record<string, string>> | undefined;
}

/**
 * What a function's process finds in its environment: the stack file's settings, and over them those of the shell, so that
 * one can be tried without an edit (`max_queue=4 npm start`).
 */
export function functionEnvironment(spec: StackFunction, sources: EnvironmentSources): NodeJS.ProcessEnv {
  const { shell, gatewayUrl, added } = sources;
  const env: NodeJS.ProcessEnv = { ...spec.environment, ...shell };
  // The gateway's own.
  delete env.PORT;
  // Without of-watchdog nothing goes on sending requests after SIGTERM.
  delete env.healthcheck_interval;
  return { ...env, ...added, gateway_url: gatewayUrl, http_host: '127.0.0.1', http_port: '0' };
}
