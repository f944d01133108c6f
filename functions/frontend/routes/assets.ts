import { AppError, quote } from '../../../shared/core/errors.ts';
import type { Assets } from '../assets.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * A file of the page. Asked for by its fingerprint it never changes; without one the browser asks each time, and is
 * told in few bytes that nothing did.
 * @param path below `assets/`
 * @throws AppError `not-found`
 */
export function respondAsset(request: Request, path: string, assets: Assets): Response {
  const asset = assets.get(path);
  if (asset === undefined) {
    throw new AppError('not-found', `Expected a file of this page but received ${quote(path)}.`);
  }
  const etag = `"${asset.fingerprint}"`;
  const isFingerprinted = new URL(request.url).searchParams.get('v') === asset.fingerprint;
  const headers = {
    'Content-Type': asset.contentType,
    'Cache-Control': isFingerprinted ? FOR_EVER : 'no-cache',
    ETag: etag,
  };
  if (matches(request.headers.get('If-None-Match'), etag))
    return new Response(null, { status: 304, headers });
  return new Response(asset.bytes, { headers });
}

/** @see RFC 9110, §13.1.2: weak comparison */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(',').some((entry) => ['*', etag].includes(entry.trim().replace(/^W\//, '')));
}
