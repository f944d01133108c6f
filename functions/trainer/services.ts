import type { Log } from '../../shared/core/log.ts';
import type { Replica } from '../../shared/io/replica.ts';
import type { KeyValueStore } from '../../shared/io/store/key-value-store.ts';
import type { Places } from './access/places.ts';
import type { Classifier } from './classifier.ts';
import type { TrainerConfig } from './config.ts';
import type { ExampleStore } from './examples/example-store.ts';
import type { Turns } from './examples/turns.ts';
import type { Metrics } from './metrics.ts';

/** All that the routes work with; handler.ts puts it together. */
export interface Services {
  readonly config: TrainerConfig;
  readonly log: Log;
  readonly store: KeyValueStore;
  readonly examples: ExampleStore;
  readonly classifier: Classifier;
  readonly metrics: Metrics;
  readonly replica: Replica;
  /** `performance.now()` at the start. */
  readonly startedMs: number;
  readonly trainings: Places;
  readonly uploads: Places;
  /** Of what keeps one and the same picture. */
  readonly turns: Turns;
  /** For writes; undefined where none is set. */
  readonly token: string | undefined;
}
