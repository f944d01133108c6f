import { z } from '@hono/zod-openapi';
import { IMAGE_FORMATS } from '../../../shared/core/image-format.ts';
import { count, hash, headId, ProblemShape, replicaStatus, sha256 } from '../../../shared/http/api-shapes.ts';

/** The shapes of all answers: one source for their types and for the API document. */

export const ModelRef = z
  .strictObject({ id: z.string(), revision: hash.openapi({ description: 'Over all files of the bundle.' }) })
  .openapi('ModelRef');

export const ImageFacts = z
  .strictObject({
    sha256: sha256.openapi({ description: 'Of the bytes as they were sent.' }),
    width: count.openapi({ description: 'Pixels, after EXIF orientation.' }),
    height: count,
    format: z.enum(IMAGE_FORMATS),
  })
  .openapi('ImageFacts');

export const PredictionShape = z
  .strictObject({
    label: z.string(),
    score: z.number().min(0).max(1).openapi({ description: "Softmax over all of the head's labels." }),
    similarity: z
      .number()
      .min(-1)
      .max(1)
      .optional()
      .openapi({ description: 'Cosine of image and label; absent for heads that have none.' }),
    seen: z.literal(false).optional().openapi({
      description:
        'False: the model never met this word in training. Absent: it did, or the head was trained with pictures of it, or the bundle does not say.',
    }),
  })
  .openapi('Prediction');

export const HeadAnswer = z
  .strictObject({
    head: headId,
    version: hash,
    model: ModelRef,
    image: ImageFacts,
    predictions: z.array(PredictionShape).openapi({ description: 'Best first.' }),
    confident: z
      .boolean()
      .openapi({ description: 'False: none of the labels fits well, or the best has a score below 0.3.' }),
    hint: z.string().optional().openapi({
      description:
        'Of `digits`, beside `confident: false`: that nothing is written there, or several digits are.',
    }),
  })
  .openapi('HeadAnswer');

export const ManyHeadsAnswer = z
  .strictObject({ results: z.array(HeadAnswer).openapi({ description: 'In the order of the request.' }) })
  .openapi('ManyHeadsAnswer');

export const ManyImagesAnswer = z
  .strictObject({ images: z.array(z.union([HeadAnswer, ManyHeadsAnswer, ProblemShape])) })
  .openapi('ManyImagesAnswer', { description: 'In the order of the form.' });

export const ClassifyAnswer = z.union([HeadAnswer, ManyHeadsAnswer, ManyImagesAnswer]);

export const EmbeddingShape = z
  .strictObject({
    sha256: sha256.openapi({ description: "Of the image's bytes, or of the text as UTF-8." }),
    values: z.array(z.number()).openapi({ description: 'L2-normalised.' }),
  })
  .openapi('Embedding');

export const EmbedAnswer = z
  .strictObject({ model: ModelRef, embeddings: z.array(z.union([EmbeddingShape, ProblemShape])) })
  .openapi('EmbedAnswer');

const headSummary = {
  id: headId,
  title: z.string(),
  kind: z.enum(['zero-shot', 'linear', 'onnx']).openapi({
    description: 'Labels through the text encoder, trained on embeddings, or a network of its own on pixels.',
  }),
  labelCount: count,
  unseenLabelCount: count.optional().openapi({
    description:
      'Labels whose words the model never met in training, nor pictures of them; absent where the bundle does not say.',
  }),
  accuracy: z.number().min(0).max(1).optional().openapi({ description: 'Top-1, where it was measured.' }),
  costMs: z
    .number()
    .min(0)
    .optional()
    .openapi({ description: 'Of one answer, beside the encoding; absent while the head is being made.' }),
  version: hash.optional().openapi({ description: 'Absent while the head is being made.' }),
  stale: z.boolean().optional().openapi({
    description: 'True: trained for another model. Training it again makes it usable.',
  }),
};

export const HeadSummary = z.strictObject(headSummary).openapi('HeadSummary');
export const HeadList = z.strictObject({ model: ModelRef, heads: z.array(HeadSummary) }).openapi('HeadList');

export const HeadDetail = z
  .strictObject({
    ...headSummary,
    model: ModelRef,
    labels: z.array(
      z.strictObject({
        label: z.string(),
        seen: z.boolean().optional().openapi({
          description:
            'Whether the model met that word, or the head pictures of it, in training; absent where the bundle does not say.',
        }),
      }),
    ),
  })
  .openapi('HeadDetail');

export const EvaluationReport = z
  .looseObject({ head: z.string(), n: count })
  .openapi('EvaluationReport', { description: 'As the evaluation wrote it.' });

const latency = z.strictObject({ p50: z.number(), p90: z.number(), p99: z.number() }).nullable();

export const StatusAnswer = z
  .strictObject({
    ...replicaStatus,
    model: z.strictObject({ id: z.string(), revision: hash, title: z.string(), embeddingSize: count }),
    models: z.array(z.string()).openapi({ description: 'What `model` may name.' }),
    ready: z.boolean(),
    images: z.strictObject({
      hit: count,
      miss: count,
      shared: count,
      refused: count,
      busy: count,
      failed: count,
    }),
    latencyMs: latency.openapi({ description: 'Of the last classifications; null before the first.' }),
    queue: z.strictObject({ images: count, maxImages: count, bytes: count, maxBytes: count }),
    cache: z.strictObject({ entries: count, bytes: count, maxBytes: count }),
  })
  .openapi('Status');

export const HowToAnswer = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    model: z.string(),
    limits: z.record(z.string(), z.number()),
    options: z.record(z.string(), z.string()),
    examples: z.array(z.strictObject({ title: z.string(), command: z.string() })),
    links: z.record(z.string(), z.string()),
  })
  .openapi('HowTo');
