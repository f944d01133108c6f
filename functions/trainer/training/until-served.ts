import { setTimeout as pause } from 'node:timers/promises';
import { REFRESH_MS } from '../../../shared/io/heads/trained-heads.ts';
import { timeLimit } from '../../../shared/io/time-limit.ts';
import type { Classifier } from '../classifier.ts';

const LOOK_AGAIN_MS = 100;
/** Twice as long as a replica goes without a look at the store. */
const PATIENCE_MS = 2 * REFRESH_MS;

/**
 * Waits until the classifier answers by a version that was published, so that whoever asks it next does not meet the one
 * before. Not for ever, where it cannot be reached or has other replicas that are slower; never rejects.
 * @param signal of the caller that may leave
 */
export async function untilServed(
  { head, version }: { head: string; version: string },
  { classifier, callId, signal }: { classifier: Classifier; callId: string; signal: AbortSignal },
): Promise<void> {
  const ending = timeLimit(PATIENCE_MS, signal);
  while (!ending.aborted) {
    const served = await classifier.version(head, { callId, signal: ending }).catch(() => undefined);
    if (served === version) return;
    await pause(LOOK_AGAIN_MS, undefined, { signal: ending }).catch(() => undefined);
  }
}
