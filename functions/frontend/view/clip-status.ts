import { listOf, numberOf, recordOf, textOf, type JsonRecord } from './record.ts';

/** What one replica of `clip` says of itself. Figures that it does not give are undefined. */
export interface ClipStatus {
  /** Who answered; empty where it does not say. */
  readonly replica: string;
  readonly software: { readonly version: string; readonly build: string };
  readonly model: {
    readonly id: string;
    readonly revision: string;
    readonly title: string;
    readonly embeddingSize: number | undefined;
  };
  /** Ids of all models that can be asked, the default one among them. */
  readonly models: readonly string[];
  readonly isReady: boolean;
  readonly uptimeSeconds: number | undefined;
  /** Requests by status class, as in `2xx`. */
  readonly requests: readonly (readonly [statusClass: string, count: number])[];
  readonly pictures: Readonly<Record<'hit' | 'miss' | 'shared' | 'refused' | 'busy' | 'failed', number>>;
  /** Percentiles of the last classifications; undefined before the first. */
  readonly latencyMs: Readonly<Record<'p50' | 'p90' | 'p99', number>> | undefined;
  /** Pictures and bytes that are waiting or being worked on. */
  readonly pictureQueue: Share;
  readonly bodyBytes: Share;
  readonly cacheBytes: Share & { readonly entries: number };
  /** Resident memory; without limit where the container has none. */
  readonly memoryBytes: Share | undefined;
  /** All replicas that were heard of lately; empty where they have no store in common. */
  readonly replicas: readonly ReplicaTotals[];
}

/** So much of what there is. */
export interface Share {
  readonly used: number;
  readonly limit: number | undefined;
}

export interface ReplicaTotals {
  readonly replica: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly requests: number;
  readonly pictures: number;
  readonly failedPictures: number;
}

/**
 * An answer of `GET /status`.
 * @returns undefined for whatever is none
 */
export function readStatus(json: unknown): ClipStatus | undefined {
  const status = recordOf(json);
  const model = recordOf(status.model);
  if (textOf(model.id) === '') return undefined;
  const [software, queue, cache] = [status.software, status.queue, status.cache].map(recordOf);
  return {
    replica: textOf(status.replica),
    software: { version: textOf(software?.version), build: textOf(software?.build) },
    model: {
      id: textOf(model.id),
      revision: textOf(model.revision),
      title: textOf(model.title) || textOf(model.id),
      embeddingSize: numberOf(model.embeddingSize),
    },
    models: readModelIds(json),
    isReady: status.ready === true,
    uptimeSeconds: numberOf(status.uptimeSeconds),
    requests: Object.entries(recordOf(status.requests))
      .map(([statusClass, times]) => [statusClass, numberOf(times) ?? 0] as const)
      .sort(([a], [b]) => a.localeCompare(b)),
    pictures: readPictures(recordOf(status.images)),
    latencyMs: readLatency(recordOf(status.latencyMs)),
    pictureQueue: { used: numberOf(queue?.images) ?? 0, limit: numberOf(queue?.maxImages) },
    bodyBytes: { used: numberOf(queue?.bytes) ?? 0, limit: numberOf(queue?.maxBytes) },
    cacheBytes: {
      used: numberOf(cache?.bytes) ?? 0,
      limit: numberOf(cache?.maxBytes),
      entries: numberOf(cache?.entries) ?? 0,
    },
    memoryBytes: readMemory(recordOf(status.memory)),
    replicas: listOf(status.replicas).map(readReplica),
  };
}

/** The models that `model=` may name, the default one first; empty where the reply names none. */
export function readModelIds(json: unknown): readonly string[] {
  const status = recordOf(json);
  const fallback = textOf(recordOf(status.model).id);
  const others = Array.isArray(status.models) ? status.models.map(textOf) : [];
  return [...new Set([fallback, ...others])].filter((id) => id !== '');
}

function readPictures(images: JsonRecord): ClipStatus['pictures'] {
  const { hit, miss, shared, refused, busy, failed } = images;
  return {
    hit: numberOf(hit) ?? 0,
    miss: numberOf(miss) ?? 0,
    shared: numberOf(shared) ?? 0,
    refused: numberOf(refused) ?? 0,
    busy: numberOf(busy) ?? 0,
    failed: numberOf(failed) ?? 0,
  };
}

function readLatency(latency: JsonRecord): ClipStatus['latencyMs'] {
  const [p50, p90, p99] = [latency.p50, latency.p90, latency.p99].map(numberOf);
  return p50 === undefined || p90 === undefined || p99 === undefined ? undefined : { p50, p90, p99 };
}

function readMemory(memory: JsonRecord): Share | undefined {
  const used = numberOf(memory.residentBytes);
  return used === undefined ? undefined : { used, limit: numberOf(memory.limitBytes) };
}

function readReplica(beat: JsonRecord): ReplicaTotals {
  const totals = recordOf(beat.totals);
  return {
    replica: textOf(beat.replica),
    startedAt: textOf(beat.startedAt),
    requests: numberOf(totals.requests) ?? 0,
    pictures: numberOf(totals.pictures) ?? 0,
    failedPictures: numberOf(totals.failedPictures) ?? 0,
  };
}
