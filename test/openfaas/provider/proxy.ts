import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Deployment } from './deployment.ts';

/** One call as the provider saw it; `status` is absent while it lasts. */
export interface ForwardedCall {
  readonly name: string;
  readonly callId: string;
  status?: number;
}

export interface Forwarding {
  readonly name: string;
  readonly path: string;
  readonly deployment: Deployment;
  readonly calls: ForwardedCall[];
}

/** Hands a call to one of the function's containers, body and answer as they come. */
export function forward(incoming: IncomingMessage, outgoing: ServerResponse, to: Forwarding): void {
  const { name, deployment, path } = to;
  const call: ForwardedCall = { name, callId: String(incoming.headers['x-call-id'] ?? '') };
  to.calls.push(call);
  const fail = (status: number, text: string): void => {
    call.status = status;
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
  };
  const replica = deployment.pick();
  if (replica === undefined) {
    incoming.resume();
    fail(503, `No endpoints available for: ${name}.`);
    return;
  }
  const upstream = request({
    host: replica.container.address,
    port: 8080,
    path,
    method: incoming.method,
    headers: incoming.headers,
    // A connection for each call: none is left over that the other side might be about to close.
    agent: false,
  });
  upstream.on('response', (response) => {
    call.status = response.statusCode ?? 0;
    outgoing.writeHead(call.status, response.headers);
    outgoing.flushHeaders();
    response.pipe(outgoing);
    response.on('error', () => outgoing.destroy());
  });
  upstream.on('error', () => fail(500, `Can't reach service for: ${name}.`));
  outgoing.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}
