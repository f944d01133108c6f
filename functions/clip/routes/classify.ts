import type { LinearHead } from '../../../shared/core/head.ts';
import { buildZeroShotHead } from '../../../shared/core/zero-shot.ts';
import { embedImages, isProblem, type EmbeddedByEach } from '../answer/embed-images.ts';
import { answerImage } from '../answer/head-answer.ts';
import type { Model } from '../models/model.ts';
import { readClassifyOptions, type ClassifyOptions } from '../request/classify-options.ts';
import { noImage, type Received } from '../request/received.ts';
import type { Services } from '../services.ts';
import { withBody } from './with-body.ts';

/** `POST /`: bytes → embedding → heads → JSON. */
export function classifyRoute(services: Services) {
  return (request: Request): Promise<Response> =>
    withBody(request, services, async (received) => {
      const options = readOptions(received, services);
      if (received.images.length === 0) throw noImage();
      return services.pool.use({ id: options.model, signal: request.signal }, async (model) => {
        const heads = await chooseHeads(model, options, { services, signal: request.signal });
        return answer(request, received, { model, heads, services, top: options.top });
      });
    });
}

function readOptions({ options, errors, texts }: Received, { config }: Services): ClassifyOptions {
  const unexpected = {
    field: 'texts',
    message: 'Expected `image` here but received `texts`; they go to /embed.',
  };
  return readClassifyOptions(options, {
    maxHeads: config.maxHeads,
    errors: texts === undefined ? errors : [...errors, unexpected],
  });
}

/** Own labels become a head for this request alone; their texts are cached. */
async function chooseHeads(
  model: Model,
  { ownLabels, heads }: ClassifyOptions,
  { services, signal }: { services: Services; signal: AbortSignal },
): Promise<readonly LinearHead[]> {
  if (ownLabels !== undefined) {
    const patience = { waitMs: services.config.queueWaitMs, signal };
    const encodeTexts = (texts: readonly string[]) => model.texts.embed(texts, patience);
    return [await buildZeroShotHead(ownLabels, model.encoder.bundle, encodeTexts)];
  }
  const ids = heads.length === 0 ? [model.heads.defaultId] : heads;
  for (const id of ids) model.heads.definition(id);
  return Promise.all(ids.map(async (id) => (await model.heads.get(id, signal)).head));
}

async function answer(
  request: Request,
  received: Received,
  {
    model,
    heads,
    services,
    top,
  }: { model: Model; heads: readonly LinearHead[]; services: Services; top: number },
): Promise<Response> {
  const embedderOf = (head: LinearHead) => model.pixelHeads.get(head.id) ?? model.images;
  const embedders = [...new Set(heads.map(embedderOf))];
  const { images, clock, cache } = await embedImages(received.images, request, { embedders, services });
  const { bundle } = model.encoder;
  const answerOne = (image: EmbeddedByEach) => {
    const asked = heads.flatMap((head) => {
      const seen = image[embedders.indexOf(embedderOf(head))];
      return seen === undefined ? [] : [{ head, image: seen }];
    });
    return clock.measure('head', () => answerImage(asked, { bundle, top }));
  };
  const items = images.map((image) => (isProblem(image) ? image : answerOne(image)));
  const body = items.length === 1 ? items[0] : { images: items };
  return Response.json(body, { headers: { 'Server-Timing': clock.header, 'X-Cache': cache } });
}
