import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Deployment, type DeploymentOptions, type DeploymentRequest } from './deployment.ts';
import type { Images } from './images.ts';
import { forward, type ForwardedCall } from './proxy.ts';
import { Secrets } from './secrets.ts';
import { INFO, logLines, NAMESPACE, statusOf } from './status.ts';

const KEEP_ALIVE_MS = 600_000;

interface ProviderOptions {
  readonly images: Images;
  readonly imageEnvironment: Readonly<Record<string, string>>;
  readonly folder: string;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * A provider for the gateway: OpenFaaS's provider API over containers of this machine.
 * @see https://docs.openfaas.com/reference/rest-api/
 */
export class Provider {
  readonly calls: ForwardedCall[] = [];
  readonly secrets: Secrets;
  readonly deployments = new Map<string, Deployment>();
  readonly #options: ProviderOptions;
  #server: Server | undefined;
  #port = 0;

  constructor(options: ProviderOptions) {
    this.#options = options;
    this.secrets = new Secrets(join(options.folder, 'secrets'));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** On the same port again after `hide`. */
  async listen(): Promise<void> {
    this.#server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing));
    // The gateway keeps connections; it must be the first to close one that idles.
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Takes the provider off the network, with its functions running on. */
  async hide(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async stop(): Promise<void> {
    await this.hide();
    await Promise.all([...this.deployments.values()].map((deployment) => deployment.remove()));
    this.deployments.clear();
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://provider');
    const called = /^\/function\/([-\w]+)(?:\.[-\w]+)?(.*)$/.exec(url.pathname);
    if (called !== null) {
      const [, name = '', rest = ''] = called;
      const deployment = this.deployments.get(name);
      if (deployment === undefined) outgoing.writeHead(404).end(`No function ${name}.`);
      else
        forward(incoming, outgoing, {
          name,
          deployment,
          calls: this.calls,
          path: (rest || '/') + url.search,
        });
      return;
    }
    const answer = await this.#answer(`${incoming.method ?? ''} ${url.pathname}`, url, incoming).catch(
      (error: unknown) => ({ status: 500, body: String(error) }),
    );
    const { status, body } = answer;
    if (typeof body === 'string') outgoing.writeHead(status).end(body);
    else if (body === undefined) outgoing.writeHead(status).end();
    else outgoing.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  }

  async #answer(route: string, url: URL, incoming: IncomingMessage): Promise<Answer> {
    switch (route) {
      case 'GET /healthz':
        return { status: 200, body: 'OK' };
      case 'GET /system/info':
        return { status: 200, body: INFO };
      case 'GET /system/namespaces':
        return { status: 200, body: [NAMESPACE] };
      case 'GET /system/functions':
        return { status: 200, body: [...this.deployments.values()].map(statusOf) };
      case 'POST /system/functions':
      case 'PUT /system/functions':
        return this.#deploy(JSON.parse(await text(incoming)) as DeploymentRequest);
      case 'DELETE /system/functions':
        return this.#remove((JSON.parse(await text(incoming)) as { functionName: string }).functionName);
      case 'GET /system/logs': {
        const deployment = this.deployments.get(url.searchParams.get('name') ?? '');
        if (deployment === undefined) return { status: 404 };
        return { status: 200, body: logLines(deployment, Number(url.searchParams.get('tail') ?? 0)) };
      }
      default:
        return route.includes('/system/secrets')
          ? this.#secrets(incoming.method ?? '', await text(incoming))
          : this.#oneFunction(route, incoming);
    }
  }

  async #oneFunction(route: string, incoming: IncomingMessage): Promise<Answer> {
    const asked = /^(GET \/system\/function|POST \/system\/scale-function)\/([-\w]+)$/.exec(route);
    const deployment = this.deployments.get(asked?.[2] ?? '');
    if (asked === null || deployment === undefined) return { status: 404 };
    if (route.startsWith('GET')) return { status: 200, body: statusOf(deployment) };
    await deployment.scale((JSON.parse(await text(incoming)) as { replicas: number }).replicas);
    return { status: 202 };
  }

  async #deploy(request: DeploymentRequest): Promise<Answer> {
    for (const name of request.secrets ?? []) {
      if (!(await this.secrets.has(name))) return { status: 400, body: `There is no secret ${name}.` };
    }
    const image = await this.#options.images.pull(request.image);
    if (image === undefined) return { status: 400, body: `There is no image ${request.image}.` };
    const options: DeploymentOptions = {
      request,
      image,
      folder: join(this.#options.folder, 'containers'),
      environment: {
        ...this.#options.imageEnvironment,
        ...((request.envProcess ?? '') === '' ? {} : { fprocess: request.envProcess ?? '' }),
        ...((request.secrets ?? []).length === 0 ? {} : { secrets_dir: this.secrets.folder }),
        ...request.envVars,
      },
    };
    const running = this.deployments.get(request.service);
    if (running !== undefined) {
      void running.update(options);
      return { status: 202 };
    }
    const deployment = new Deployment(options);
    this.deployments.set(request.service, deployment);
    await deployment.start();
    return { status: 202 };
  }

  async #remove(name: string): Promise<Answer> {
    const deployment = this.deployments.get(name);
    if (deployment === undefined) return { status: 404 };
    this.deployments.delete(name);
    await deployment.remove();
    return { status: 202 };
  }

  async #secrets(method: string, body: string): Promise<Answer> {
    if (method === 'GET') {
      return {
        status: 200,
        body: (await this.secrets.names()).map((name) => ({ name, namespace: NAMESPACE })),
      };
    }
    const { name, value = '' } = JSON.parse(body) as { name: string; value?: string };
    const isThere = await this.secrets.has(name);
    if (method !== 'POST' && !isThere) return { status: 404, body: `There is no secret ${name}.` };
    if (method === 'POST' && isThere) return { status: 409, body: `There is a secret ${name} already.` };
    if (method === 'DELETE') await this.secrets.remove(name);
    else await this.secrets.set(name, value);
    return { status: 202 };
  }
}
