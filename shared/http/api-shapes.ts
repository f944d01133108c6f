import { z } from '@hono/zod-openapi';

/** Shapes that the answers of several functions have in common. */

export const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const headId = z.string().regex(/^[a-z0-9-]{1,40}$/);
export const count = z.number().int().min(0);

export const ProblemShape = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int().min(400).max(599),
    detail: z.string(),
    code: z.string(),
    callId: z.string().optional(),
    errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem', { description: 'RFC 9457 problem details.' });

/** What `GET /status` of each function tells of the replica that answers, and of the others. */
export const replicaStatus = {
  replica: z.string().openapi({
    description:
      'Who answered: the gateway picks one replica for each request, and all figures are of that one.',
  }),
  software: z.strictObject({
    version: z.string(),
    build: hash.openapi({ description: 'Of the code that runs.' }),
  }),
  uptimeSeconds: z.number(),
  requests: z.record(z.string(), count).openapi({ description: 'By status class: 2xx, 4xx, …' }),
  memory: z.strictObject({
    residentBytes: count,
    limitBytes: count.optional().openapi({ description: 'Of the container; absent where none is set.' }),
  }),
  replicas: z
    .array(
      z.strictObject({
        replica: z.string(),
        startedAt: z.string(),
        totals: z.record(z.string(), z.number()),
      }),
    )
    .optional()
    .openapi({ description: 'Those that were heard of lately; absent without a store that answers.' }),
};

export const ReadyAnswer = z.strictObject({ ready: z.literal(true) }).openapi('Ready');

export const OpenApiDocument = z
  .looseObject({ openapi: z.string(), paths: z.looseObject({}) })
  .openapi('OpenApi');

/** A response of JSON, for a route's description. */
export const jsonResponse = (schema: z.ZodType, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
