import type { Log } from '../../shared/core/log.ts';
import type { Replica } from '../../shared/io/replica.ts';
import type { KeyValueStore } from '../../shared/io/store/key-value-store.ts';
import type { ClipConfig } from './config.ts';
import type { BytesInFlight } from '../../shared/http/bytes-in-flight.ts';
import type { Metrics } from './metrics.ts';
import type { EmbeddingCaches } from './models/embedding-cache.ts';
import type { ModelPool } from './models/model-pool.ts';

/** All that the routes work with; handler.ts puts it together. */
export interface Services {
  readonly config: ClipConfig;
  readonly log: Log;
  readonly pool: ModelPool;
  readonly caches: EmbeddingCaches;
  readonly bytes: BytesInFlight;
  readonly metrics: Metrics;
  readonly replica: Replica;
  /** `performance.now()` at the start. */
  readonly startedMs: number;
  /** Of trained heads and heartbeats; undefined where there is none. */
  readonly store?: KeyValueStore | undefined;
}
