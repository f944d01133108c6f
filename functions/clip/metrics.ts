import { Counter, Histogram, type Registry } from 'prom-client';
import type { AnsweredRequest } from '../../shared/http/frame-app.ts';
import { RequestMetrics } from '../../shared/http/request-metrics.ts';
import type { EmbeddedImage } from './models/image-embedder.ts';

/** What is looked at when somebody scrapes. */
export interface Gauges {
  readonly imagesInFlight: () => number;
  readonly imagesWaiting: () => number;
  readonly bytesInFlight: () => number;
  readonly decodePixels: () => number;
  readonly cacheBytes: () => number;
  readonly isReady: () => boolean;
}

/** `refused`: the picture cannot be looked at; `busy`: it could be at another time; `failed`: our own fault. */
export type ImageOutcome = EmbeddedImage['cache'] | 'refused' | 'busy' | 'failed';
export type Stage = 'queue' | 'decode' | 'encode' | 'head';

/** Enough for percentiles that mean something, and few enough to sort whenever somebody asks. */
const KEPT_LATENCIES = 512;
const SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** All of clip's figures, each with its name, unit and meaning in this one place. */
export class Metrics {
  readonly #requests = new RequestMetrics({ functionName: 'clip', buckets: SECONDS });
  readonly registry: Registry = this.#requests.registry;
  readonly #images = new Counter({
    name: 'clip_images_total',
    help: 'Pictures, by what became of them: hit (cached), miss (encoded), shared (encoded for another), refused (not readable, too large), busy (turned away), failed.',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });
  readonly #stages = new Histogram({
    name: 'clip_stage_duration_seconds',
    help: 'Time of a picture in each stage: queue, decode, encode, head.',
    labelNames: ['stage'] as const,
    buckets: [0.0005, 0.001, ...SECONDS],
    registers: [this.registry],
  });
  readonly #batches = new Histogram({
    name: 'clip_batch_images',
    help: 'Pictures encoded in one run.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers: [this.registry],
  });
  readonly #outcomes = { hit: 0, miss: 0, shared: 0, refused: 0, busy: 0, failed: 0 };
  readonly #latencies: number[] = [];

  /** @param gauges read at every scrape */
  watch(gauges: Gauges): void {
    const requests = this.#requests;
    requests.collectDefaults();
    requests.gauge('clip_images_in_flight', 'Pictures waiting or being worked on.', gauges.imagesInFlight);
    requests.gauge(
      'clip_images_waiting',
      'Pictures decoded and waiting for the encoder.',
      gauges.imagesWaiting,
    );
    requests.gauge('clip_body_bytes_in_flight', 'Bytes of the bodies that are held.', gauges.bytesInFlight);
    requests.gauge(
      'clip_decode_pixels_in_flight',
      'Pixels of the pictures being decoded.',
      gauges.decodePixels,
    );
    requests.gauge('clip_cache_bytes', 'Bytes of cached embeddings.', gauges.cacheBytes);
    requests.gauge('clip_ready', '1 when the first answer needs nothing more to be loaded.', () =>
      Number(gauges.isReady()),
    );
  }

  countRequest(request: AnsweredRequest): void {
    this.#requests.count(request);
    const { route, method, status, seconds } = request;
    if (route !== '/' || method !== 'POST' || status !== 200) return;
    this.#latencies.push(seconds * 1_000);
    if (this.#latencies.length > KEPT_LATENCIES) this.#latencies.shift();
  }

  countImage(outcome: ImageOutcome): void {
    this.#images.inc({ outcome });
    this.#outcomes[outcome] += 1;
  }

  observeStage(stage: Stage, ms: number): void {
    this.#stages.observe({ stage }, ms / 1_000);
  }

  observeBatch(images: number): void {
    this.#batches.observe(images);
  }

  /** By status class, as in `2xx`. */
  get requests(): Readonly<Record<string, number>> {
    return this.#requests.statusClasses;
  }

  get images(): Readonly<Record<ImageOutcome, number>> {
    return this.#outcomes;
  }

  /** Percentiles of the last classifications that succeeded, in ms; null before the first. */
  get latencyMs(): { p50: number; p90: number; p99: number } | null {
    if (this.#latencies.length === 0) return null;
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 100) / 100;
    return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
  }
}
