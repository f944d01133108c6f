import type { Log } from '../../../shared/core/log.ts';
import { callIdOf } from '../../../shared/http/call-id.ts';
import type { ClipClient } from '../../../shared/http/clip-client.ts';
import type { PageFrame } from '../pages/layout.ts';
import type { TrainerClient } from '../trainer-client.ts';
import { statusPage } from '../pages/status-page.ts';
import { readStatus } from '../view/clip-status.ts';
import { readServedHeads } from '../view/served-head.ts';
import { readTrainerStatus, trainingState } from '../view/trainer-status.ts';
import type { StatusReport } from '../view/status-view.ts';
import { addressOf, respondPage } from './respond.ts';

export interface StatusContext {
  /** With a timeout that a person waits for. */
  readonly statusClip: ClipClient;
  readonly trainer: TrainerClient;
  readonly frame: PageFrame;
  readonly log: Log;
}

/** `GET /status`: a page even when `clip` is away, for that is what people come to see. */
export async function respondStatus(request: Request, context: StatusContext): Promise<Response> {
  const report = await askStatus(request, context);
  return respondPage(statusPage(context.frame, { address: addressOf(request), report, asOf: new Date() }));
}

async function askStatus(request: Request, context: StatusContext): Promise<StatusReport | undefined> {
  const callId = callIdOf(request);
  const ask = (path: string) =>
    context.statusClip.call({ path, callId, signal: request.signal }).then(
      ({ json }) => json,
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        context.log.warn({ callId, path, error: text }, 'No status.');
        return undefined;
      },
    );
  const [status, heads, trainer] = await Promise.all([
    ask('/status'),
    ask('/heads'),
    context.trainer.get('/status', callId),
  ]);
  const read = readStatus(status);
  return (
    read && {
      status: read,
      heads: readServedHeads(heads),
      trainer: { state: trainingState(trainer), status: readTrainerStatus(trainer?.json) },
    }
  );
}
