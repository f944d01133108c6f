import { z } from '@hono/zod-openapi';
import { count, hash, headId, ProblemShape, replicaStatus, sha256 } from '../../../shared/http/api-shapes.ts';

/** The shapes of all answers: one source for their types and for the API document. */

const share = z.number().min(0).max(1);
const date = z.string().openapi({ description: 'ISO 8601.' });
const counts = z.record(z.string(), count);

export const PictureStatusShape = z
  .strictObject({
    filename: z.string(),
    sha256,
    status: z.enum(['kept', 'duplicate', 'failed', 'not done, send again']),
    problem: ProblemShape.optional().openapi({ description: 'Of one that failed.' }),
  })
  .openapi('PictureStatus');

export const UploadAnswer = z
  .strictObject({
    head: headId,
    label: z.string(),
    pictures: z.array(PictureStatusShape).openapi({
      description: 'Of the pictures that arrived in time, in their order; what is not listed is not done.',
    }),
  })
  .openapi('UploadAnswer');

export const ExampleList = z
  .strictObject({
    head: headId,
    labels: counts.openapi({ description: 'Pictures of each label.' }),
    examples: z.array(z.strictObject({ sha256, label: z.string(), addedAt: date })),
  })
  .openapi('ExampleList');

export const Removed = z.strictObject({ head: headId, removed: count }).openapi('Removed');

const proportion = z.strictObject({
  value: share,
  interval: z.array(share).openapi({ description: 'Of 95 %.' }),
});

export const HoldOutShape = z
  .strictObject({
    n: count.openapi({ description: 'Pictures that the training did not see.' }),
    accuracy: proportion,
    precision: share.openapi({ description: 'Mean over the labels, as the next two.' }),
    recall: share,
    f1: share,
    logLoss: z.number().min(0).openapi({ description: 'Nats.' }),
    classes: z.array(
      z.strictObject({ label: z.string(), precision: share, recall: share, f1: share, support: count }),
    ),
    confusion: z.strictObject({
      labels: z.array(z.string()),
      cells: z.array(z.array(count)).openapi({ description: '[true, predicted, count], over zero only.' }),
    }),
  })
  .openapi('HoldOut');

export const VersionShape = z
  .strictObject({
    version: z.string().regex(/^(0|sha256:[0-9a-f]{64})$/),
    live: z.boolean(),
    createdAt: date.optional().openapi({ description: 'Absent for version 0, as all that follows.' }),
    examples: count.optional(),
    labels: counts.optional(),
    augmented: z.boolean().optional(),
    from: z.string().optional().openapi({ description: 'Version that the training started from.' }),
    before: HoldOutShape.optional().openapi({ description: 'Of the version that was live.' }),
    after: HoldOutShape.optional(),
  })
  .openapi('Version');

export const HeadAnswer = z
  .strictObject({
    id: headId,
    builtIn: z.boolean(),
    stale: z.boolean().openapi({ description: 'Trained for another model only.' }),
    revision: hash.openapi({ description: 'Of the model that is served now.' }),
    current: z.string().nullable(),
    examples: count,
    versions: z.array(VersionShape).openapi({ description: 'The newest first.' }),
  })
  .openapi('Head');

export const HeadList = z
  .strictObject({ heads: z.array(z.strictObject({ id: headId, examples: count })) })
  .openapi('HeadList');

export const RolledBack = z.strictObject({ id: headId, current: z.string() }).openapi('RolledBack');
export const RemovedHead = z.strictObject({ id: headId, removedExamples: count }).openapi('RemovedHead');

export const StatusAnswer = z
  .strictObject({
    ...replicaStatus,
    writes: z.boolean().openapi({ description: 'False: no token is set, and nothing can be trained.' }),
    training: z.boolean().openapi({ description: 'Whether one runs now.' }),
    pictures: z.strictObject({ kept: count, duplicate: count, failed: count, notDone: count }),
    trainings: z.strictObject({ done: count, failed: count, cancelled: count }),
    limits: z.strictObject({
      pictures: count.openapi({ description: 'Of one request, as the two that follow.' }),
      uploadBytes: count,
      requestBytes: count,
      examples: count.openapi({ description: 'Of one head.' }),
      minLabels: count.openapi({ description: 'Fewer cannot be trained, as of examples of each.' }),
      minExamples: count,
    }),
    store: z.boolean().openapi({ description: 'Whether it answers.' }),
    lastTraining: z
      .strictObject({
        head: headId,
        title: z.string(),
        version: hash,
        createdAt: date,
        examples: count,
        before: share.nullable().openapi({ description: 'Accuracy; null where the head was new.' }),
        after: share,
      })
      .nullable(),
  })
  .openapi('Status');
