import { AppError } from '../../../shared/core/errors.ts';
import { callIdOf } from '../../../shared/http/call-id.ts';
import { problemOf, type Problem } from '../../../shared/http/problem.ts';
import { mapLimited } from '../flow/map-limited.ts';
import type { EmbeddedImage } from '../models/image-embedder.ts';
import type { Model } from '../models/model.ts';
import type { ReceivedImage } from '../request/received.ts';
import type { Services } from '../services.ts';
import { StageClock } from './stage-clock.ts';

/** The pictures of one request, embedded, and what is said about the way there. */
export interface EmbeddedRequest {
  /** In the request's order. Several pictures have a problem each; a single one throws its own. */
  readonly images: readonly (EmbeddedImage | Problem)[];
  readonly clock: StageClock;
  /** For `X-Cache`, one word for each picture. */
  readonly cache: string;
}

/** @throws AppError of a picture that came alone */
export async function embedImages(
  images: readonly ReceivedImage[],
  request: Request,
  { model, services }: { model: Model; services: Services },
): Promise<EmbeddedRequest> {
  const { config, metrics, log } = services;
  const clock = new StageClock(metrics);
  const embedOne = async (image: ReceivedImage): Promise<EmbeddedImage> => {
    try {
      if (image instanceof AppError) throw image;
      const embedded = await model.images.embed(image, request.signal);
      metrics.countImage(embedded.cache);
      if (embedded.cache === 'miss') clock.addImage(embedded);
      return embedded;
    } catch (error) {
      metrics.countImage('failed');
      throw error;
    }
  };
  const orProblem = async (image: ReceivedImage): Promise<EmbeddedImage | Problem> => {
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
  const cache = embedded.map((image) => (isProblem(image) ? 'none' : image.cache)).join(', ');
  return { images: embedded, clock, cache };
}

export function isProblem(image: EmbeddedImage | Problem): image is Problem {
  return 'status' in image;
}
