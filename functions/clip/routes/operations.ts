import type { z } from '@hono/zod-openapi';
import { AppError } from '../../../shared/core/errors.ts';
import type { ReadyAnswer } from '../../../shared/http/api-shapes.ts';
import type { StatusAnswer } from '../api/schemas.ts';
import { readHeartbeats } from '../../../shared/io/heads/heartbeats.ts';
import { processMemory } from '../../../shared/io/process-memory.ts';
import type { Services } from '../services.ts';

/**
 * True once the default head can answer, and for as long as there is an encoder: the first request then needs nothing
 * more to be loaded.
 */
export function isReady({ pool }: Pick<Services, 'pool'>): boolean {
  const { heads, encoder } = pool.default;
  return encoder.isRunning() && heads.now(heads.defaultId) !== undefined;
}

/** `GET /ready` @throws AppError `not-ready` */
export function respondReady(services: Services): Response {
  if (!isReady(services)) {
    throw new AppError('not-ready', 'The model or its default head is still being made.', {
      retryAfterSeconds: 2,
    });
  }
  return Response.json({ ready: true } satisfies z.infer<typeof ReadyAnswer>);
}

/** `GET /metrics`, for Prometheus. */
export async function respondMetrics({ metrics }: Services): Promise<Response> {
  const { registry } = metrics;
  return new Response(await registry.metrics(), { headers: { 'Content-Type': registry.contentType } });
}

/** `GET /status`, for people. */
export async function respondStatus(services: Services): Promise<Response> {
  const { pool, metrics, config, bytes, caches, replica, startedMs, store } = services;
  const replicas = store && (await readHeartbeats(store, 'clip').catch(() => undefined));
  const { manifest, revision } = pool.default.encoder.bundle;
  const status: z.infer<typeof StatusAnswer> = {
    replica: replica.name,
    software: { version: replica.version, build: replica.build },
    model: { id: manifest.id, revision, title: manifest.title, embeddingSize: manifest.embeddingSize },
    models: [...pool.ids],
    ready: isReady(services),
    uptimeSeconds: Math.round(performance.now() - startedMs) / 1_000,
    requests: metrics.requests,
    images: metrics.images,
    latencyMs: metrics.latencyMs,
    queue: {
      images: pool.default.images.inFlight,
      maxImages: config.maxQueue,
      bytes: bytes.bytes,
      maxBytes: config.maxBytesInFlight,
    },
    cache: { entries: caches.images.size, bytes: caches.images.bytes, maxBytes: config.cacheBytes },
    memory: processMemory(),
    ...(replicas && { replicas: replicas.map((beat) => ({ ...beat })) }),
  };
  return Response.json(status);
}
