import { AppError, type ErrorCode } from '../../../shared/core/errors.ts';
import { callIdOf } from '../../../shared/http/call-id.ts';
import { problemOf, type Problem } from '../../../shared/http/problem.ts';
import { mapLimited } from '../flow/map-limited.ts';
import type { ImageOutcome } from '../metrics.ts';
import type { AnyEmbedder, EmbeddedImage } from '../models/image-embedder.ts';
import type { ReceivedImage } from '../request/received.ts';
import type { Services } from '../services.ts';
import { StageClock } from './stage-clock.ts';

/** The picture is at fault, or its sender has left. */
const REFUSALS: readonly ErrorCode[] = [
  'bad-request',
  'body-too-large',
  'unsupported-image',
  'undecodable-image',
];

/** One picture as each of the embedders that were asked sees it, in their order. */
export type EmbeddedByEach = readonly EmbeddedImage[];

/** The pictures of one request, embedded, and what is said about the way there. */
export interface EmbeddedRequest {
  /** In the request's order. Several pictures have a problem each; a single one throws its own. */
  readonly images: readonly (EmbeddedByEach | Problem)[];
  readonly clock: StageClock;
  /** For `X-Cache`, one word for each picture. */
  readonly cache: string;
}

/**
 * @param embedders of the model: its bundle's, and those of heads with their own network
 * @throws AppError of a picture that came alone
 */
export async function embedImages(
  images: readonly ReceivedImage[],
  request: Request,
  { embedders, services }: { embedders: readonly AnyEmbedder[]; services: Services },
): Promise<EmbeddedRequest> {
  const { config, metrics, log } = services;
  const clock = new StageClock(metrics);
  const embedOne = async (image: ReceivedImage): Promise<EmbeddedByEach> => {
    try {
      if (image instanceof AppError) throw image;
      const embedded = await Promise.all(embedders.map((embedder) => embedder.embed(image, request.signal)));
      metrics.countImage(cacheOf(embedded));
      for (const one of embedded) if (one.cache === 'miss') clock.addImage(one);
      return embedded;
    } catch (error) {
      metrics.countImage(outcomeOf(error));
      throw error;
    }
  };
  const orProblem = async (image: ReceivedImage): Promise<EmbeddedByEach | Problem> => {
    try {
      return await embedOne(image);
    } catch (error) {
      if (images.length === 1) throw error;
      if (!(error instanceof AppError))
        log.error({ callId: callIdOf(request), err: error }, 'A picture failed');
      return problemOf(error);
    }
  };
  const embedded = await mapLimited(images, config.maxBatch, orProblem);
  const cache = embedded.map((image) => (isProblem(image) ? 'none' : cacheOf(image))).join(', ');
  return { images: embedded, clock, cache };
}

export function isProblem(image: EmbeddedByEach | Problem): image is Problem {
  return 'status' in image;
}

/** What became of a picture without an answer. */
function outcomeOf(error: unknown): ImageOutcome {
  if (!(error instanceof AppError)) return 'failed';
  if (error.code === 'busy' || error.code === 'not-ready') return 'busy';
  return REFUSALS.includes(error.code) ? 'refused' : 'failed';
}

/** `hit` only where nobody had to look at the picture again. */
function cacheOf(embedded: EmbeddedByEach): EmbeddedImage['cache'] {
  const has = (cache: EmbeddedImage['cache']) => embedded.some((one) => one.cache === cache);
  return has('miss') ? 'miss' : has('shared') ? 'shared' : 'hit';
}
