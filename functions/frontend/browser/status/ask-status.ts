import { readStatus } from '../../view/clip-status.ts';
import { readServedHeads } from '../../view/served-head.ts';
import type { StatusReport } from '../../view/status-view.ts';

/**
 * What `clip` says of itself, and its heads if they can be had too.
 * @throws whatever keeps it from answering
 */
export async function askStatus(signal: AbortSignal): Promise<StatusReport> {
  const [status, heads] = await Promise.all([
    getJson('../clip/status', signal).then(readStatus),
    getJson('../clip/heads', signal).then(readServedHeads, () => undefined),
  ]);
  if (status === undefined)
    throw new Error('Expected a status of the classifier but received something else.');
  return { status, heads };
}

async function getJson(path: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(new URL(path, document.baseURI), {
    headers: { Accept: 'application/json' },
    cache: 'no-store',
    signal,
  });
  if (!response.ok) throw new Error(`Expected a status but received ${response.status}.`);
  return (await response.json()) as unknown;
}
