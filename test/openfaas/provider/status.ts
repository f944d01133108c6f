import type { Deployment } from './deployment.ts';

export const NAMESPACE = 'openfaas-fn';

/** A function as the provider's API describes it. */
export function statusOf(deployment: Deployment): object {
  const { service, ...rest } = deployment.request;
  return {
    ...rest,
    name: service,
    namespace: NAMESPACE,
    replicas: deployment.wanted,
    availableReplicas: deployment.ready.length,
    invocationCount: 0,
    createdAt: deployment.createdAt,
  };
}

export const INFO = {
  provider: 'test-provider',
  orchestration: 'namespaces',
  version: { release: '1.0.0', sha: '' },
};

/** Lines as `faas-cli logs` reads them, one JSON object each; the last `tail` of them. */
export function logLines({ logs, request }: Deployment, tail: number): string {
  const chosen = tail > 0 ? logs.slice(-tail) : logs;
  const lines = chosen.map((line) =>
    JSON.stringify({ name: request.service, namespace: NAMESPACE, ...line }),
  );
  return lines.map((line) => `${line}\n`).join('');
}
