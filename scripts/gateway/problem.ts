import type { ServerResponse } from 'node:http';

export interface GatewayProblem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends RFC 9457 problem details; cuts the connection when an answer has already begun. */
export function sendProblem(outgoing: ServerResponse, problem: GatewayProblem): void {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  const { status, title, detail, headers = {} } = problem;
  outgoing.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers });
  outgoing.end(JSON.stringify({ type: 'about:blank', title, status, detail }));
}
