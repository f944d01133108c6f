import type { z } from '@hono/zod-openapi';
import type { Bundle } from '../../../shared/core/bundle.ts';
import type { LinearHead, Prediction } from '../../../shared/core/head.ts';
import { classify } from '../../../shared/core/scoring.ts';
import { isSeenOf } from '../../../shared/core/seen-labels.ts';
import type { HeadAnswer, ManyHeadsAnswer, ModelRef } from '../api/schemas.ts';
import type { EmbeddedImage } from '../models/image-embedder.ts';

export type ImageAnswer = z.infer<typeof HeadAnswer> | z.infer<typeof ManyHeadsAnswer>;

/** A head and the picture as that head needs it: embedded by the bundle, or seen by the head's own network. */
export interface AskedHead {
  readonly head: LinearHead;
  readonly image: EmbeddedImage;
}

export function modelRef({ manifest, revision }: Bundle): z.infer<typeof ModelRef> {
  return { id: manifest.id, revision };
}

/** Which network looked at the picture for a head: the bundle's, or the head's own. */
export function modelOf(head: LinearHead, bundle: Bundle): z.infer<typeof ModelRef> {
  return head.kind === 'onnx' ? { id: head.id, revision: head.bundleRevision } : modelRef(bundle);
}

/** What the heads say about one picture: one head's answer, or a list of several. */
export function answerImage(
  asked: readonly AskedHead[],
  context: { bundle: Bundle; top: number },
): ImageAnswer {
  const answers = asked.map((one) => answerHead(one, context));
  const [only] = answers;
  return answers.length === 1 && only !== undefined ? only : { results: answers };
}

function answerHead(
  { head, image }: AskedHead,
  { bundle, top }: { bundle: Bundle; top: number },
): z.infer<typeof HeadAnswer> {
  const { embedding, sha256, width, height, format, found } = image;
  const { predictions, confident } = classify(head, embedding, top);
  const hint = found === undefined ? undefined : hintOf(found);
  return {
    head: head.id,
    version: head.version,
    model: modelOf(head, bundle),
    image: { sha256, width, height, format },
    predictions: predictions.map((prediction) => ({
      ...rounded(prediction),
      ...(isSeenOf(head, prediction.label, bundle.seenLabels) === false && { seen: false }),
    })),
    confident: confident && hint === undefined,
    ...(hint !== undefined && { hint }),
  };
}

/** @param found digits in the picture */
function hintOf(found: number): string | undefined {
  if (found === 1) return undefined;
  return found === 0
    ? 'Nothing written was found in the picture. Send one digit, larger or with more contrast.'
    : `${found} digits were found in the picture, and this is the largest of them. Send one at a time.`;
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
