import { readStatus } from '../../view/clip-status.ts';
import { readServedHeads } from '../../view/served-head.ts';
import type { StatusReport } from '../../view/status-view.ts';
import { readTrainerStatus, trainingState } from '../../view/trainer-status.ts';
import type { TrainerReport } from '../../view/training-summary.ts';

/**
 * What `clip` says of itself, its heads if they can be had too, and what `trainer` says.
 * @throws whatever keeps `clip` from answering
 */
export async function askStatus(signal: AbortSignal): Promise<StatusReport> {
  const [status, heads, trainer] = await Promise.all([
    getJson('../clip/status', signal).then(readStatus),
    getJson('../clip/heads', signal).then(readServedHeads, () => undefined),
    askTrainer(signal),
  ]);
  if (status === undefined)
    throw new Error('Expected a status of the classifier but received something else.');
  return { status, heads, trainer };
}

/** Never rejects: not every set has one. */
async function askTrainer(signal: AbortSignal): Promise<TrainerReport> {
  try {
    const response = await get('../trainer/status', signal);
    const json = (await response.json().catch(() => undefined)) as unknown;
    return { state: trainingState({ status: response.status, json }), status: readTrainerStatus(json) };
  } catch {
    return { state: 'away', status: undefined };
  }
}

async function getJson(path: string, signal: AbortSignal): Promise<unknown> {
  const response = await get(path, signal);
  if (!response.ok) throw new Error(`Expected a status but received ${response.status}.`);
  return (await response.json()) as unknown;
}

function get(path: string, signal: AbortSignal): Promise<Response> {
  return fetch(new URL(path, document.baseURI), {
    headers: { Accept: 'application/json' },
    cache: 'no-store',
    signal,
  });
}
