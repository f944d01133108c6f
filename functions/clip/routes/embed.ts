import type { z } from '@hono/zod-openapi';
import { invalidFields } from '../../../shared/core/errors.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';
import { embedImages, isProblem } from '../answer/embed-images.ts';
import { modelRef } from '../answer/head-answer.ts';
import type { EmbedAnswer } from '../api/schemas.ts';
import type { Model } from '../models/model.ts';
import { readModelOption } from '../request/model-option.ts';
import { readTexts } from '../request/embed-texts.ts';
import { noImage, type Received } from '../request/received.ts';
import type { Services } from '../services.ts';
import { withBody } from './with-body.ts';

/** `POST /embed`: pictures, or `{"texts": […]}`, to embeddings. */
export function embedRoute(services: Services) {
  return (request: Request): Promise<Response> =>
    withBody(request, services, (received) => {
      const id = readModelOption(received.options, received.errors);
      const texts = chooseTexts(received);
      return services.pool.use({ id, signal: request.signal }, (model) =>
        texts === undefined
          ? answerImages(request, received, { model, services })
          : answerTexts(request, texts, { model, services }),
      );
    });
}

/** @returns undefined where pictures are to be embedded */
function chooseTexts({ texts, images }: Received): readonly string[] | undefined {
  if (texts === undefined) {
    if (images.length === 0) throw noImage();
    return undefined;
  }
  if (images.length === 0) return readTexts(texts);
  throw invalidFields([{ field: 'texts', message: 'Expected `image` or `texts` but received both.' }]);
}

async function answerImages(
  request: Request,
  received: Received,
  { model, services }: { model: Model; services: Services },
): Promise<Response> {
  const embedders = [model.images];
  const { images, clock, cache } = await embedImages(received.images, request, { embedders, services });
  const answer: z.infer<typeof EmbedAnswer> = {
    model: modelRef(model.encoder.bundle),
    embeddings: images.flatMap((image): z.infer<typeof EmbedAnswer>['embeddings'] =>
      isProblem(image)
        ? [{ ...image, errors: [...(image.errors ?? [])] }]
        : image.map((one) => embedding(one.sha256, one.embedding)),
    ),
  };
  return Response.json(answer, { headers: { 'Server-Timing': clock.header, 'X-Cache': cache } });
}

async function answerTexts(
  request: Request,
  texts: readonly string[],
  { model, services }: { model: Model; services: Services },
): Promise<Response> {
  const patience = { waitMs: services.config.queueWaitMs, signal: request.signal };
  const vectors = await model.texts.embed(texts, patience);
  const answer: z.infer<typeof EmbedAnswer> = {
    model: modelRef(model.encoder.bundle),
    embeddings: vectors.map((vector, index) => embedding(sha256Hex(texts[index] ?? ''), vector)),
  };
  return Response.json(answer);
}

function embedding(sha256: string, vector: Float32Array) {
  return { sha256, values: Array.from(vector) };
}
