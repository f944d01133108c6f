import { AppError } from '../../../shared/core/errors.ts';
import { augmentedCopies, shrinkPicture } from '../../../shared/io/shrink-picture.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';
import type { Caller } from '../classifier.ts';
import type { Services } from '../services.ts';

/** Where a picture goes. */
export interface Destination {
  readonly head: string;
  readonly label: string;
}

interface Surroundings {
  readonly services: Services;
  readonly caller: Caller;
}

/**
 * Keeps one picture as an example: embedded as it came, and as its augmented copies. Whoever sends the same one meanwhile
 * waits: it would get two labels, and a failure of the second would remove what the first has kept.
 * @throws AppError when it is no picture, is kept under another label, does not fit any more, or cannot be embedded
 */
export async function keepPicture(
  bytes: Uint8Array,
  destination: Destination,
  surroundings: Surroundings,
): Promise<'kept' | 'duplicate'> {
  const sha256 = sha256Hex(bytes);
  return surroundings.services.turns.take(`${destination.head}/${sha256}`, () =>
    keepOnce({ bytes, sha256 }, destination, surroundings),
  );
}

async function keepOnce(
  { bytes, sha256 }: { bytes: Uint8Array; sha256: string },
  { head, label }: Destination,
  { services, caller }: Surroundings,
): Promise<'kept' | 'duplicate'> {
  const { config, examples, classifier } = services;
  const known = await examples.get(head, sha256);
  if (known !== undefined) {
    if (known.label === label) return 'duplicate';
    throw new AppError(
      'conflict',
      `This picture is an example of "${known.label}" already. Delete it there before you give it another label.`,
    );
  }
  const limits = {
    maxImagePixels: config.maxImagePixels,
    maxJpegPixels: config.maxJpegPixels,
    timeoutMs: config.decodeTimeoutMs,
  };
  const thumbnail = await shrinkPicture(bytes, limits);
  const copies = await augmentedCopies(thumbnail, sha256);
  const { revision, embeddings } = await classifier.embed([bytes, ...copies], caller);
  const vectors = embeddings.map(orThrow);
  const example = { sha256, label, addedAt: new Date().toISOString() };
  await examples.add(head, example, { thumbnail, vectors, revision });
  return 'kept';
}

/** Embeds a kept picture by the bundle that is served now, from its thumbnail. */
export async function embedAnew(
  head: string,
  sha256: string,
  { services, caller }: Surroundings,
): Promise<readonly Float32Array[] | undefined> {
  const { examples, classifier } = services;
  const thumbnail = await examples.thumbnail(head, sha256);
  if (thumbnail === undefined) return undefined;
  const copies = await augmentedCopies(thumbnail, sha256);
  const { revision, embeddings } = await classifier.embed([thumbnail, ...copies], caller);
  const vectors = embeddings.map(orThrow);
  await examples.putVectors(head, sha256, { vectors, revision });
  return vectors;
}

function orThrow(embedding: Float32Array | AppError): Float32Array {
  if (embedding instanceof AppError) throw embedding;
  return embedding;
}
