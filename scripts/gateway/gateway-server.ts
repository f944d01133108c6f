import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { answerClientErrors } from '../../template/typescript/server/client-error.ts';
import { OWN_CALL_ID } from './announcement.ts';
import type { FunctionProcess } from './function-process.ts';
import { isOwnHost } from './own-host.ts';
import { sendProblem } from './problem.ts';
import { proxy, type Call } from './proxy.ts';
import { functionStatus, NAMESPACE, systemInfo } from './system-routes.ts';
import type { StackFunction } from './stack-file.ts';

/** A function that starts, or starts again, is waited for this long. */
const START_WAIT_MS = 8_000;
const MAX_HEADER_BYTES = 128 * 2 ** 10;
/** Longer than whoever asks keeps a connection: one that is closed just as it is used is a failed request. */
const KEEP_ALIVE_MS = 120_000;
const CALL_ID = /^[\w.:-]{1,128}$/;

export interface GatewayFunction {
  spec: StackFunction;
  readonly process: FunctionProcess;
  readonly createdAt: string;
  invocationCount: number;
}

/** The routes of OpenFaaS's gateway that one machine needs. */
export function createGatewayServer(functions: ReadonlyMap<string, GatewayFunction>): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Node's own 400 for that has no body: route finds it missing.
      requireHostHeader: false,
    },
    (incoming, outgoing) => {
      const given = incoming.headers['x-call-id'];
      const callId = typeof given === 'string' && CALL_ID.test(given) ? given : randomUUID();
      const gatewayHeaders = { 'x-call-id': callId, 'x-start-time': `${Date.now()}000000` };
      for (const [name, value] of Object.entries(gatewayHeaders)) outgoing.setHeader(name, value);
      route(functions, { incoming, outgoing, gatewayHeaders }).catch(() => outgoing.destroy());
    },
  );
  answerClientErrors(server);
  // As the functions' own server does: what is expected need not be met, and Node's own 417 has no body.
  server.on('checkExpectation', (incoming, outgoing) => server.emit('request', incoming, outgoing));
  return server;
}

async function route(functions: ReadonlyMap<string, GatewayFunction>, call: Call): Promise<void> {
  const { incoming, outgoing } = call;
  const { authority, target } = originForm(incoming.url ?? '/');
  const hosts = incoming.headersDistinct.host ?? [];
  const isNamedOnce = hosts.length === 1 || (hosts.length === 0 && incoming.httpVersion !== '1.1');
  if (!isNamedOnce || ![...hosts, ...authority].every(isOwnHost)) {
    sendProblem(outgoing, { ...NOT_FOR_HERE, status: isNamedOnce ? 421 : 400 });
    return;
  }
  const [path = '/'] = target.split('?', 1);
  const called = /^\/function\/([-\w]+)(?:\.[-\w]+)?(?=\/|$)/.exec(path);
  if (called !== null) {
    await callFunction(functions.get(called[1] ?? ''), target.slice(called[0].length), call);
    return;
  }
  const described = /^\/system\/function\/([-\w]+)$/.exec(path)?.[1];
  if (path === '/' && functions.has('frontend')) {
    outgoing.writeHead(302, { Location: '/function/frontend/' }).end();
  } else if (path === '/healthz') {
    outgoing.writeHead(200).end('OK');
  } else if (path.startsWith('/system/') && incoming.method !== 'GET') {
    sendProblem(outgoing, NOT_A_CLUSTER);
  } else if (path === '/system/functions') {
    sendJson(outgoing, [...functions.values()].map(statusOf));
  } else if (path === '/system/info') {
    sendJson(outgoing, systemInfo());
  } else if (path === '/system/namespaces') {
    sendJson(outgoing, [NAMESPACE]);
  } else if (described !== undefined) {
    const found = functions.get(described);
    if (found === undefined) sendProblem(outgoing, UNKNOWN);
    else sendJson(outgoing, statusOf(found));
  } else {
    sendProblem(outgoing, UNKNOWN);
  }
}

/**
 * What a request line asks for; a client that takes this gateway for a proxy names it there once more (RFC 9112, §3.2.2).
 * @example originForm('http://localhost:8080/healthz?a') // { authority: ['localhost:8080'], target: '/healthz?a' }
 */
function originForm(url: string): { readonly authority: readonly string[]; readonly target: string } {
  const absolute = /^http:\/\/([^/?#]+)(.*)$/i.exec(url);
  if (absolute === null) return { authority: [], target: url };
  const [, authority = '', rest = ''] = absolute;
  return { authority: [authority], target: rest.startsWith('/') ? rest : `/${rest}` };
}

async function callFunction(called: GatewayFunction | undefined, rest: string, call: Call): Promise<void> {
  const { outgoing } = call;
  if (called === undefined) {
    sendProblem(outgoing, UNKNOWN);
    return;
  }
  if (call.gatewayHeaders['x-call-id'] !== OWN_CALL_ID) called.invocationCount += 1;
  const { name } = called.spec;
  const port = await called.process.port(START_WAIT_MS);
  if (port === undefined) {
    sendProblem(outgoing, { ...NOT_RUNNING, detail: `${name} is not running. Its log says why.` });
    return;
  }
  proxy(call, { name, port, path: rest.startsWith('/') ? rest : `/${rest}` });
}

function statusOf({ spec, process, invocationCount, createdAt }: GatewayFunction): object {
  return functionStatus({ spec, isListening: process.isListening, invocationCount, createdAt });
}

function sendJson(outgoing: ServerResponse, value: unknown): void {
  outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

const NOT_FOR_HERE = {
  title: 'The request is not for this gateway',
  detail: 'Expected one Host, localhost or an address. A tunnel to this gateway must set it so.',
};

const UNKNOWN = {
  status: 404,
  title: 'There is nothing here',
  detail: 'Expected /function/NAME of a function of the stack file.',
};

const NOT_RUNNING = {
  status: 503,
  title: 'The function is not running',
  headers: { 'Retry-After': '2' },
};

const NOT_A_CLUSTER = {
  status: 405,
  title: 'Nothing can be deployed here',
  detail: 'This gateway runs the functions of the stack file, as they were when it started.',
  headers: { Allow: 'GET' },
};
