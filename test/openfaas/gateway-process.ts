import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { programPath } from './programs.ts';

/** Its port is fixed; the tests have a network of their own. */
export const GATEWAY = 'http://127.0.0.1:8080';

/** The real gateway in front of a provider, and a Prometheus that knows no numbers, without which it lists nothing. */
export class GatewayProcess {
  readonly #child: ChildProcess;
  readonly #prometheus: Server;
  readonly lines: string[] = [];

  private constructor(child: ChildProcess, prometheus: Server) {
    this.#child = child;
    this.#prometheus = prometheus;
    child.stderr?.on('data', (chunk: Buffer) => this.lines.push(chunk.toString()));
  }

  /** @throws Error with what the gateway said, when it does not answer */
  static async start(providerUrl: string): Promise<GatewayProcess> {
    const prometheus = createServer((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'Content-Type': 'application/json' });
      outgoing.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
    });
    prometheus.listen(0, '127.0.0.1');
    await once(prometheus, 'listening');
    const child = spawn(programPath('gateway'), [], {
      env: {
        functions_provider_url: providerUrl,
        read_timeout: '60s',
        write_timeout: '60s',
        upstream_timeout: '59s',
        basic_auth: 'false',
        scale_from_zero: 'false',
        function_namespace: 'openfaas-fn',
        faas_prometheus_host: '127.0.0.1',
        faas_prometheus_port: String((prometheus.address() as AddressInfo).port),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const gateway = new GatewayProcess(child, prometheus);
    for (let tries = 0; tries < 200; tries += 1) {
      const response = await fetch(`${GATEWAY}/healthz`).catch(() => undefined);
      if (response?.ok === true) return gateway;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await gateway.stop();
    throw new Error(`The gateway does not answer: ${gateway.lines.join('')}`);
  }

  async stop(): Promise<void> {
    this.#prometheus.closeAllConnections();
    this.#prometheus.close();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
