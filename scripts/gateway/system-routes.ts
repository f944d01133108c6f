import type { StackFunction } from './stack-file.ts';

export interface RunningFunction {
  readonly spec: StackFunction;
  readonly isListening: boolean;
  readonly invocationCount: number;
  /** When it was first started, ISO 8601. */
  readonly createdAt: string;
}

export const NAMESPACE = 'openfaas-fn';

/** A function as OpenFaaS's `GET /system/functions` lists it: what `faas-cli list` and `describe` read. */
export function functionStatus({ spec, isListening, invocationCount, createdAt }: RunningFunction): object {
  return {
    name: spec.name,
    image: spec.image,
    namespace: NAMESPACE,
    envProcess: 'node dist/server.js',
    envVars: spec.environment,
    labels: spec.labels,
    annotations: spec.annotations,
    limits: spec.limits,
    requests: spec.requests,
    readOnlyRootFilesystem: spec.readOnlyRootFilesystem,
    invocationCount,
    replicas: 1,
    availableReplicas: isListening ? 1 : 0,
    createdAt,
  };
}

/** `GET /system/info`, for `faas-cli version`. */
export function systemInfo(): object {
  return {
    provider: {
      provider: 'local',
      orchestration: 'processes of one machine',
      version: { sha: '', release: 'local' },
    },
    version: { sha: '', release: 'local', commit_message: 'npm start' },
    arch: process.arch,
  };
}
