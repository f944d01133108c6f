import { UserError } from '../command/user-error.ts';

/**
 * Where a file of a bundle is fetched from. A mirror stands in for scheme, host and port of the catalogue's URL and may
 * carry a path of its own before it, as mirrors of Hugging Face do.
 *
 * @example sourceUrl('https://huggingface.co/a/b/resolve/r/', 'onnx/x.onnx', 'https://mirror.example/hf')
 * // https://mirror.example/hf/a/b/resolve/r/onnx/x.onnx
 */
export function sourceUrl(baseUrl: string, path: string, mirror?: string): URL {
  const url = new URL(path.split('/').map(encodeURIComponent).join('/'), baseUrl);
  if (mirror === undefined) return url;
  return new URL(parseMirror(mirror).href.replace(/\/+$/, '') + url.pathname);
}

/**
 * @throws UserError unless it is an https URL, or http on this machine
 */
export function parseMirror(mirror: string): URL {
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  const isPlain = url?.search === '' && url.hash === '';
  if (isPlain && (url.protocol === 'https:' || isLoopback(url))) return url;
  throw new UserError(
    `Expected an https URL (http on this machine alone) for the mirror but received ${JSON.stringify(mirror)}.`,
  );
}

/**
 * The address that a redirect leads to. Weights come over https from wherever they lie; http is for a server on this
 * machine that was named by hand, and only such a one may lead to another.
 * @throws UserError when the address is none, or not allowed
 */
export function followRedirect(from: URL, location: string | null): URL {
  const to = location !== null && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined) throw new UserError(`${from.href} redirects to no address.`);
  if (to.protocol === 'https:' || (isLoopback(from) && isLoopback(to))) return to;
  throw new UserError(`${from.href} redirects to ${to.href}. Expected an https address.`);
}

function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
}
