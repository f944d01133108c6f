import type { StreamEvent } from '../../shared/http/read-events.ts';
import { UserError } from '../command/user-error.ts';
import { fromProblem } from './trainer-error.ts';
import type { TrainerClient } from './trainer-client.ts';

export interface FollowOptions {
  readonly client: Pick<TrainerClient, 'train'>;
  readonly head: string;
  readonly options: Readonly<Record<string, string>>;
  readonly onEvent: (event: StreamEvent) => void;
}

/**
 * Trains to the end. After a change of the model there may be more to embed than one request has time for: then the next
 * one goes on.
 * @returns the data of the last event, `done`
 * @throws UserError when the training is refused, fails, or breaks off
 */
export async function followTraining(follow: FollowOptions): Promise<StreamEvent['data']> {
  for (;;) {
    let hasEmbedded = false;
    let end: StreamEvent | undefined;
    try {
      for await (const event of follow.client.train(follow.head, follow.options)) {
        follow.onEvent(event);
        if (event.event === 'embedding') hasEmbedded = true;
        if (event.event === 'done' || event.event === 'error') end = event;
      }
    } catch (error) {
      // After `done` it is only waited until clip answers by what is live already.
      if (end?.event !== 'done') throw error;
    }
    if (end?.event === 'done') return end.data;
    const problem = fromProblem(end?.data);
    if (!hasEmbedded || problem?.code !== 'conflict') {
      throw new UserError(
        problem?.message ??
          'The training broke off before its end. The version before it is still live. Train again.',
      );
    }
  }
}
