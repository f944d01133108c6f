/** What an address may name; anything else stands in nobody's example. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;
const ON_ONE_MACHINE = 'http://127.0.0.1:8080';

/**
 * Where the caller reached the gateway, to show in examples: by what the gateway (and a proxy before it) passes on of the
 * request. It is not to be trusted with more than that, since a caller may write these headers.
 * @example gatewayAddress(request with 'X-Forwarded-Host: gw.example.com', 'X-Forwarded-Proto: https') // 'https://gw.example.com'
 * @returns scheme and host without a slash; `http://127.0.0.1:8080` where they are not known
 */
export function gatewayAddress(request: Request): string {
  const host = first(request.headers.get('X-Forwarded-Host'));
  if (!HOST.test(host)) return ON_ONE_MACHINE;
  const scheme = first(request.headers.get('X-Forwarded-Proto')) === 'https' ? 'https' : 'http';
  return `${scheme}://${host}`;
}

/** Proxies in a row append; the one that the caller spoke to stands first. */
function first(header: string | null): string {
  return header?.split(',', 1)[0]?.trim() ?? '';
}
