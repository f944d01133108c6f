import type { z } from '@hono/zod-openapi';
import { readHeartbeats } from '../../../shared/io/heads/heartbeats.ts';
import { readLastTraining } from '../../../shared/io/heads/last-training.ts';
import { processMemory } from '../../../shared/io/process-memory.ts';
import type { ReadyAnswer } from '../../../shared/http/api-shapes.ts';
import type { StatusAnswer } from '../api/schemas.ts';
import { MAX_PICTURES } from '../examples/upload.ts';
import type { Services } from '../services.ts';
import { MIN_CLASSES, MIN_EXAMPLES } from '../training/plan.ts';

/** `GET /ready`: it has no model to load. */
export function respondReady(): Response {
  return Response.json({ ready: true } satisfies z.infer<typeof ReadyAnswer>);
}

/** `GET /metrics`, for Prometheus. */
export async function respondMetrics({ metrics }: Services): Promise<Response> {
  const { registry } = metrics;
  return new Response(await registry.metrics(), { headers: { 'Content-Type': registry.contentType } });
}

/** `GET /status`, for people and pages. It needs neither the token nor a store that answers. */
export async function respondStatus(services: Services): Promise<Response> {
  const { config, metrics, replica, startedMs, store, token, trainings } = services;
  const [replicas, lastTraining] = await Promise.all([
    readHeartbeats(store, 'trainer').catch(() => undefined),
    readLastTraining(store).catch(() => undefined),
  ]);
  const { not_done: notDone, ...pictures } = metrics.pictures;
  const status: z.infer<typeof StatusAnswer> = {
    replica: replica.name,
    software: { version: replica.version, build: replica.build },
    uptimeSeconds: Math.round(performance.now() - startedMs) / 1_000,
    writes: token !== undefined,
    training: trainings.taken > 0,
    requests: metrics.requests,
    pictures: { ...pictures, notDone },
    trainings: metrics.trainings,
    memory: processMemory(),
    limits: {
      pictures: MAX_PICTURES,
      uploadBytes: config.maxUploadBytes,
      requestBytes: config.maxRequestBytes,
      examples: config.maxExamples,
      minLabels: MIN_CLASSES,
      minExamples: MIN_EXAMPLES,
    },
    store: replicas !== undefined,
    lastTraining: lastTraining ?? null,
    ...(replicas && { replicas: replicas.map((beat) => ({ ...beat })) }),
  };
  return Response.json(status);
}
