import type { Log } from '../../shared/core/log.ts';
import type { ServedFunction } from '../../shared/core/served-function.ts';
import type { Environment } from '../../shared/core/settings.ts';
import { ClipClient } from '../../shared/http/clip-client.ts';
import { Heart } from '../../shared/io/heads/heartbeats.ts';
import { identifyReplica, type Replica } from '../../shared/io/replica.ts';
import { readSecret } from '../../shared/io/secret.ts';
import { openStore } from '../../shared/io/store/open-store.ts';
import { Places } from './access/places.ts';
import { createApp } from './app.ts';
import { Classifier } from './classifier.ts';
import { parseConfig } from './config.ts';
import { ExampleStore } from './examples/example-store.ts';
import { Turns } from './examples/turns.ts';
import { Metrics } from './metrics.ts';
import manifest from './package.json' with { type: 'json' };

/**
 * The function `trainer`: keeps labelled pictures and fits heads to them. It holds no model: embeddings come from
 * `clip` through the gateway.
 * @throws Error when a setting is not usable
 */
export async function createFunction(env: Environment, log: Log): Promise<ServedFunction> {
  const startedMs = performance.now();
  const config = parseConfig(env);
  const token = (await readSecret(config.secretsDir, 'trainer-token')) ?? (config.token || undefined);
  const password = await readSecret(config.secretsDir, 'store-password');
  const store = await openStore({
    url: config.storeUrl,
    maxBytes: config.maxStoreBytes,
    log,
    ...(password === undefined ? {} : { password }),
  });
  if (token === undefined) log.warn({}, 'No token is set: pictures and trainings are refused');
  const client = new ClipClient({ gatewayUrl: config.gatewayUrl, timeoutMs: config.clipTimeoutMs });
  const metrics = new Metrics();
  const replica = await identifyReplica(new URL(import.meta.url), manifest.version);
  const [trainings, uploads] = [new Places(1), new Places(config.maxUploads)];
  metrics.watch({ trainings: () => trainings.taken, uploads: () => uploads.taken });
  const heart = new Heart(store, 'trainer', beatOf(replica, metrics));
  await heart.open();
  const app = createApp({
    config,
    log,
    store,
    token,
    metrics,
    replica,
    startedMs,
    trainings,
    uploads,
    turns: new Turns(),
    examples: new ExampleStore(store),
    classifier: new Classifier(client),
  });
  return {
    fetch: app,
    ready: () => true,
    close: async () => {
      await heart.close();
      await store.close();
    },
  };
}

/** What this replica tells the others of itself. */
function beatOf({ name, startedAt }: Replica, metrics: Metrics) {
  return () => ({
    replica: name,
    startedAt,
    totals: {
      requests: Object.values(metrics.requests).reduce((sum, count) => sum + count, 0),
      pictures: metrics.pictures.kept,
      failedPictures: metrics.pictures.failed,
      trainings: metrics.trainings.done,
    },
  });
}
