import type { IncomingMessage } from 'node:http';

export interface RequestParts {
  readonly callId: string;
  readonly body: ReadableStream<Uint8Array>;
  readonly signal: AbortSignal;
}

/**
 * The request line and Host as a URL, or undefined where they make none that a `Request` may have: HTTP/1.1 without a
 * Host or with two (RFC 9112, §3.2), or one with a user's name in it.
 */
export function urlOf(incoming: IncomingMessage): URL | undefined {
  const target = incoming.url ?? '/';
  const host = incoming.headers.host ?? (incoming.httpVersion === '1.1' ? undefined : 'localhost');
  if (host === undefined || (incoming.headersDistinct.host?.length ?? 0) > 1) return undefined;
  const text = target.startsWith('/') ? `http://${host}${target}` : target;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username === '' && url.password === '' ? url : undefined;
}

/**
 * Node's request as a web-standard one: same method, headers and call id, the body streamed.
 * @throws TypeError for methods that no `Request` may have (CONNECT, TRACE, TRACK).
 */
export function toWebRequest(incoming: IncomingMessage, url: URL, parts: RequestParts): Request {
  const method = incoming.method ?? 'GET';
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '');
  }
  headers.set('x-call-id', parts.callId);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(url, {
    method,
    headers,
    signal: parts.signal,
    ...(hasBody ? { body: parts.body, duplex: 'half' as const } : {}),
  });
}
