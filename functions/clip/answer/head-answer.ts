import type { z } from '@hono/zod-openapi';
import type { Bundle } from '../../../shared/core/bundle.ts';
import type { LinearHead, Prediction } from '../../../shared/core/head.ts';
import { classify } from '../../../shared/core/scoring.ts';
import type { HeadAnswer, ManyHeadsAnswer, ModelRef } from '../api/schemas.ts';
import type { EmbeddedImage } from '../models/image-embedder.ts';

export type ImageAnswer = z.infer<typeof HeadAnswer> | z.infer<typeof ManyHeadsAnswer>;

export function modelRef({ manifest, revision }: Bundle): z.infer<typeof ModelRef> {
  return { id: manifest.id, revision };
}

/** What the heads say about one embedded picture: one head's answer, or a list of several. */
export function answerImage(
  image: EmbeddedImage,
  { bundle, heads, top }: { bundle: Bundle; heads: readonly LinearHead[]; top: number },
): ImageAnswer {
  const answers = heads.map((head) => answerHead(image, head, { bundle, top }));
  const [only] = answers;
  return answers.length === 1 && only !== undefined ? only : { results: answers };
}

function answerHead(
  { embedding, sha256, width, height, format }: EmbeddedImage,
  head: LinearHead,
  { bundle, top }: { bundle: Bundle; top: number },
): z.infer<typeof HeadAnswer> {
  const { predictions, confident } = classify(head, embedding, top);
  return {
    head: head.id,
    version: head.version,
    model: modelRef(bundle),
    image: { sha256, width, height, format },
    predictions: predictions.map(rounded),
    confident,
  };
}

/** Six decimals: more is noise, and float32 has no more. */
function rounded({ label, score, similarity }: Prediction) {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return {
    label,
    score: round(score),
    ...(similarity === undefined ? {} : { similarity: round(Math.min(1, Math.max(-1, similarity))) }),
  };
}
