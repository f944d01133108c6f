import { AppError, quote } from '../../../shared/core/errors.ts';
import { callIdOf } from '../../../shared/http/call-id.ts';
import type { ClipOffer } from '../clip-offer.ts';
import type { PageFrame } from '../pages/layout.ts';
import { trainPage } from '../pages/train-page.ts';
import type { TrainerClient } from '../trainer-client.ts';
import { trainableHeads } from '../view/trainable-heads.ts';
import { trainingState } from '../view/trainer-status.ts';
import { readTrainedHead } from '../view/training-record.ts';
import { addressOf, respondPage } from './respond.ts';

export interface TrainContext {
  readonly frame: PageFrame;
  readonly offer: ClipOffer;
  readonly trainer: TrainerClient;
}

const HEAD_ID = /^[a-z0-9-]{1,40}$/;

/**
 * `GET /train`: a page whether there is a trainer or not; without one it says how to get one.
 * @throws AppError `bad-request` for a `head` that is no id
 */
export async function respondTrain(
  request: Request,
  { frame, offer, trainer }: TrainContext,
): Promise<Response> {
  const callId = callIdOf(request);
  const id = new URL(request.url).searchParams.get('head') ?? '';
  if (id !== '' && !HEAD_ID.test(id)) {
    throw new AppError('bad-request', `Expected the id of a head for \`head\` but received ${quote(id)}.`);
  }
  const [status, list, { heads }] = await Promise.all([
    trainer.get('/status', callId),
    trainer.get('/heads', callId),
    offer.get(callId),
  ]);
  const state = trainingState(status);
  const isThere = state === 'on' || state === 'off';
  const head = isThere && id !== '' ? await trainer.get(`/heads/${id}`, callId) : undefined;
  return respondPage(
    trainPage(frame, {
      address: addressOf(request),
      state,
      heads: trainableHeads(heads, list?.json),
      chosen: id,
      head: readTrainedHead(head?.json),
    }),
  );
}
