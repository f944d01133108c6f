import { AppError } from '../../../shared/core/errors.ts';
import type { LabelledVectors } from '../../../shared/core/training/softmax-regression.ts';
import type { Caller } from '../classifier.ts';
import { embedAnew } from '../examples/keep-picture.ts';
import type { Example, ExampleVectors } from '../examples/example-store.ts';
import type { Services } from '../services.ts';

/** Numbers of an embedding are not known before one is read; this many examples are read at once. */
const READ_AT_ONCE = 256;
const EMBEDDED_AT_ONCE = 3;

/** How far the examples are embedded anew, after a change of the model; absent where none has to be. */
export interface EmbeddingEvent {
  readonly event: 'embedding';
  /** Pictures of this call. */
  readonly done: number;
  readonly total: number;
}

/**
 * The embeddings of all examples, by the bundle that is served now. Those that it has not embedded yet are embedded
 * anew from their thumbnails and kept, so that a training that runs out of time goes on where it was when started again.
 * @throws AppError `conflict` when the time did not suffice for that, or a picture is gone
 */
export async function* loadVectors(
  examples: readonly Example[],
  { head, revision, size }: { head: string; revision: string; size: number },
  { services, caller, signal }: { services: Services; caller: Caller; signal: AbortSignal },
): AsyncGenerator<EmbeddingEvent, readonly ExampleVectors[]> {
  const all: (ExampleVectors | undefined)[] = [];
  for (let at = 0; at < examples.length; at += READ_AT_ONCE) {
    const hashes = examples.slice(at, at + READ_AT_ONCE).map(({ sha256 }) => sha256);
    all.push(...(await services.examples.vectors(head, hashes, { revision, size })));
  }
  const missing = [...all.keys()].filter((at) => all[at] === undefined);
  const lost: string[] = [];
  let done = 0;
  for (let next = 0; next < missing.length && !signal.aborted; next += EMBEDDED_AT_ONCE) {
    const before = done;
    await Promise.all(
      missing.slice(next, next + EMBEDDED_AT_ONCE).map(async (at) => {
        const sha256 = examples[at]?.sha256 ?? '';
        try {
          all[at] = await embedAnew(head, sha256, { services, caller });
          if (all[at] === undefined) lost.push(sha256);
          else done += 1;
        } catch (error) {
          // What the end of the time cut off is missing, not broken.
          if (!signal.aborted) throw error;
        }
      }),
    );
    // Whoever hears of something embedded may start again and again; of nothing, not.
    if (done > before) yield { event: 'embedding', done, total: missing.length };
  }
  const found = all.filter((vectors) => vectors !== undefined);
  if (found.length === all.length) return found;
  const left = all.length - found.length - lost.length;
  throw left > 0 ? stillToEmbed(left, all.length) : noPicture(lost);
}

function stillToEmbed(left: number, total: number): AppError {
  return new AppError(
    'conflict',
    `The model has changed, and ${left} of ${total} examples are still to be embedded by the new one. Start the training again: it goes on from here.`,
  );
}

/** Examples whose pictures were deleted meanwhile, or which the store has lost. */
export function noPicture(hashes: readonly string[]): AppError {
  const [first = ''] = hashes;
  const which = hashes.length === 1 ? first : `${first} and ${hashes.length - 1} more`;
  return new AppError(
    'conflict',
    `There is no picture any more of example ${which}. Start again; if it is listed still, delete it and add its picture anew.`,
  );
}

/**
 * Rows for the fit.
 * @param places of the pictures, in `vectors`
 * @param withCopies whether the augmented copies count as well
 */
export function labelledVectors(
  places: readonly number[],
  { vectors, classOf }: { vectors: readonly ExampleVectors[]; classOf: (place: number) => number },
  withCopies: boolean,
): LabelledVectors {
  const rows = places.flatMap((place) => {
    const own = vectors[place] ?? [];
    return (withCopies ? own : own.slice(0, 1)).map((vector) => ({ vector, label: classOf(place) }));
  });
  const size = rows[0]?.vector.length ?? 0;
  const all = new Float32Array(rows.length * size);
  rows.forEach(({ vector }, row) => all.set(vector, row * size));
  return { vectors: all, classes: Int32Array.from(rows, ({ label }) => label) };
}
