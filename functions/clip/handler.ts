import type { Log } from '../../shared/core/log.ts';
import type { ServedFunction } from '../../shared/core/served-function.ts';
import type { Environment } from '../../shared/core/settings.ts';
import { listBundles } from '../../shared/io/bundle-directory.ts';
import { chooseBundle } from '../../shared/io/choose-bundle.ts';
import { Heart } from '../../shared/io/heads/heartbeats.ts';
import { readHeadDefinitions } from '../../shared/io/head-directory.ts';
import { identifyReplica, type Replica } from '../../shared/io/replica.ts';
import { readPixelHeads } from '../../shared/io/pixel-head-directory.ts';
import { readSecret } from '../../shared/io/secret.ts';
import type { KeyValueStore } from '../../shared/io/store/key-value-store.ts';
import { openStore } from '../../shared/io/store/open-store.ts';
import { createApp } from './app.ts';
import { parseConfig, type ClipConfig } from './config.ts';
import { BytesInFlight } from '../../shared/http/bytes-in-flight.ts';
import { DecodeGate } from './flow/decode-gate.ts';
import { frameApp } from './frame.ts';
import { Metrics } from './metrics.ts';
import { createCaches } from './models/embedding-cache.ts';
import { loadModel, type Model, type ModelSurroundings } from './models/model.ts';
import { ModelPool } from './models/model-pool.ts';
import manifest from './package.json' with { type: 'json' };
import { isReady } from './routes/operations.ts';
import type { Services } from './services.ts';

/**
 * Puts clip together and loads the default model.
 * @throws Error when a setting, the bundle or a head definition is not usable; the message says which and why
 */
export async function createFunction(env: Environment, log: Log): Promise<ServedFunction> {
  return createClip(parseConfig(env), log);
}

/** The same from settings that are parsed already, with models made another way where a test needs that. */
export async function createClip(
  config: ClipConfig,
  log: Log,
  load: (id: string, surroundings: ModelSurroundings) => Promise<Model> = loadModel,
): Promise<ServedFunction> {
  const startedMs = performance.now();
  const metrics = new Metrics();
  const caches = createCaches(config);
  const gate = new DecodeGate({ maxAtOnce: config.maxDecodes, maxPixels: config.maxPixelsInFlight });
  const bytes = new BytesInFlight(config.maxBytesInFlight);
  const defaultId = await chooseBundle(config.modelsDir, config.modelId);
  const definitions = await readHeadDefinitions(config.modelsDir);
  const pixelHeads = await readPixelHeads(config.modelsDir);
  const store = await openConfigured(config, log);
  const onBatch = (size: number) => metrics.observeBatch(size);
  const pool = await ModelPool.open({
    ...config,
    defaultId,
    ids: config.maxModels === 1 ? [defaultId] : await listBundles(config.modelsDir),
    load: (id) => load(id, { config, log, caches, gate, definitions, pixelHeads, onBatch, store }),
  });
  const replica = await identifyReplica(new URL(import.meta.url), manifest.version);
  const services: Services = { config, log, pool, caches, bytes, metrics, replica, startedMs, store };
  const heart = store && new Heart(store, 'clip', beatOf(replica, metrics));
  await heart?.open();
  metrics.watch({
    imagesInFlight: () => pool.default.images.inFlight,
    imagesWaiting: () => pool.default.images.waiting,
    bytesInFlight: () => bytes.bytes,
    decodePixels: () => gate.pixels,
    cacheBytes: () => caches.images.bytes + caches.texts.bytes,
    isReady: () => isReady(services),
  });
  return {
    fetch: frameApp(createApp(services), services),
    ready: () => isReady(services),
    close: async () => {
      await pool.close();
      await heart?.close();
      await store?.close();
    },
  };
}

/** @returns undefined where no store is set: built-in heads need none */
async function openConfigured(config: ClipConfig, log: Log): Promise<KeyValueStore | undefined> {
  const { storeUrl: url, maxStoreBytes: maxBytes, secretsDir } = config;
  if (url === '') return undefined;
  const password = await readSecret(secretsDir, 'store-password');
  return openStore({ url, maxBytes, log, ...(password === undefined ? {} : { password }) });
}

/** What this replica tells the others of itself. */
function beatOf({ name, startedAt }: Replica, metrics: Metrics) {
  return () => {
    const { hit, miss, shared, failed } = metrics.images;
    const requests = Object.values(metrics.requests).reduce((sum, count) => sum + count, 0);
    return {
      replica: name,
      startedAt,
      totals: { requests, pictures: hit + miss + shared, failedPictures: failed },
    };
  };
}
