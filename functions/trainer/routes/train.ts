import { AppError, invalidFields, quote } from '../../../shared/core/errors.ts';
import { callIdOf } from '../../../shared/http/call-id.ts';
import { problemOf } from '../../../shared/http/problem.ts';
import { authorise } from '../access/authorise.ts';
import { parseHeadId } from '../access/names.ts';
import { optionsOf } from '../access/options.ts';
import { takeTrainingPlace } from '../access/training-place.ts';
import type { Example } from '../examples/example-store.ts';
import type { TrainingOutcome } from '../metrics.ts';
import type { Services } from '../services.ts';
import { eventStream } from '../training/event-stream.ts';
import { noPicture } from '../training/load-vectors.ts';
import { planTraining } from '../training/plan.ts';
import { runTraining, type TrainingEvent } from '../training/run-training.ts';
import { untilServed } from '../training/until-served.ts';
import { headsOf } from './heads.ts';

const MAX_SEED = 2 ** 31 - 1;
const MAX_TITLE = 100;

/** `POST /heads/{head}/train`: fits the head while the request lasts. */
export function trainRoute(services: Services) {
  return async (request: Request, id: string): Promise<Response> => {
    authorise(request, services.token);
    const head = parseHeadId(id);
    const options = readOptions(optionsOf(request, ['title', 'seed', 'augment']));
    const leavePlace = takeTrainingPlace(services.trainings);
    const timers = startTimers(request, services.config.trainingBudgetMs);
    const end = () => {
      timers.stop();
      leavePlace();
    };
    try {
      const events = await beginTraining({ id: head, ...options }, request, { services, timers });
      const surroundings = { head, services, callId: callIdOf(request), gone: timers.gone, end };
      return eventStream(request, followed(events, surroundings), {
        leave: () => timers.leave(),
        failure: (error) => failureEvent(error, request, services),
      });
    } catch (error) {
      end();
      throw error;
    }
  };
}

/** Everything that can be refused with a status of its own, before the stream begins. */
async function beginTraining(
  wanted: TrainOptions & { readonly id: string },
  request: Request,
  { services, timers }: { services: Services; timers: Timers },
): Promise<AsyncGenerator<TrainingEvent, void>> {
  const { gone, late } = timers;
  const caller = { callId: callIdOf(request), signal: AbortSignal.any([gone, late]) };
  const { heads, revision } = await headsOf(services, caller);
  const plan = await planTraining(wanted, await services.examples.list(wanted.id), heads);
  const size = await embeddingSize(plan.examples, wanted.id, { services, caller });
  return runTraining(plan, { services, caller, heads, revision, size, gone, late });
}

/** How long an embedding of the bundle is: one thumbnail tells. */
async function embeddingSize(
  examples: readonly Example[],
  head: string,
  { services, caller }: { services: Services; caller: { callId: string; signal: AbortSignal } },
): Promise<number> {
  let thumbnail: Uint8Array | undefined;
  for (const { sha256 } of examples) {
    thumbnail = await services.examples.thumbnail(head, sha256);
    if (thumbnail !== undefined) break;
  }
  if (thumbnail === undefined) throw noPicture(examples.map(({ sha256 }) => sha256));
  const { embeddings } = await services.classifier.embed([thumbnail], caller);
  const [embedding] = embeddings;
  if (embedding instanceof Float32Array) return embedding.length;
  throw embedding ?? new Error('Expected an embedding but received none.');
}

interface Timers {
  readonly gone: AbortSignal;
  readonly late: AbortSignal;
  leave(): void;
  stop(): void;
}

function startTimers(request: Request, budgetMs: number): Timers {
  const left = new AbortController();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException('The time is over.', 'TimeoutError')), budgetMs);
  return {
    gone: AbortSignal.any([request.signal, left.signal]),
    late: late.signal,
    leave: () => left.abort(),
    stop: () => clearTimeout(timer),
  };
}

interface Surroundings {
  readonly head: string;
  readonly services: Services;
  readonly callId: string;
  readonly gone: AbortSignal;
  /** Gives the place back. */
  readonly end: () => void;
}

/**
 * The same events, counted by how they end; who stops listening before `done` has cancelled. After `done` the stream stays
 * open until the new version is served.
 */
async function* followed(
  events: AsyncGenerator<TrainingEvent, void>,
  { head, services, callId, gone, end }: Surroundings,
): AsyncGenerator<TrainingEvent, void> {
  const { classifier, metrics } = services;
  const startMs = performance.now();
  let outcome: TrainingOutcome = 'cancelled';
  let version: string | undefined;
  try {
    for await (const event of events) {
      if (event.event === 'done') {
        outcome = 'done';
        version = event.version;
      }
      yield event;
    }
  } catch (error) {
    if (!gone.aborted) outcome = 'failed';
    throw error;
  } finally {
    metrics.countTraining(outcome, (performance.now() - startMs) / 1_000);
    end();
  }
  if (version !== undefined) await untilServed({ head, version }, { classifier, callId, signal: gone });
}

function failureEvent(error: unknown, request: Request, { log }: Services) {
  const callId = callIdOf(request);
  if (!(error instanceof AppError) && !request.signal.aborted) {
    log.error({ callId, err: error }, 'A training failed');
  }
  return { event: 'error', ...problemOf(error, callId) };
}

interface TrainOptions {
  readonly title: string | undefined;
  readonly seed: number;
  readonly augment: boolean;
}

function readOptions(query: URLSearchParams): TrainOptions {
  const augment = query.get('augment') ?? 'true';
  const seed = query.get('seed') ?? '0';
  const title = query.get('title')?.trim();
  const fields = [];
  if (!/^\d{1,10}$/.test(seed) || Number(seed) > MAX_SEED) {
    const message = `Expected a whole number from 0 to ${MAX_SEED} for \`seed\` but received ${quote(seed)}.`;
    fields.push({ field: 'seed', message });
  }
  if (title !== undefined && (title === '' || title.length > MAX_TITLE || /\p{Cc}/u.test(title))) {
    const message = `Expected a text of 1 to ${MAX_TITLE} characters for \`title\` but received ${quote(title)}.`;
    fields.push({ field: 'title', message });
  }
  if (augment !== 'true' && augment !== 'false') {
    const message = `Expected true or false for \`augment\` but received ${quote(augment)}.`;
    fields.push({ field: 'augment', message });
  }
  if (fields.length > 0) throw invalidFields(fields);
  return { title, seed: Number(seed), augment: augment === 'true' };
}
