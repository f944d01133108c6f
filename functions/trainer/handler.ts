import type { Log } from '../../shared/core/log.ts';
import type { ServedFunction } from '../../shared/core/served-function.ts';
import type { Environment } from '../../shared/core/settings.ts';
import { ClipClient } from '../../shared/http/clip-client.ts';
import { readSecret } from '../../shared/io/secret.ts';
import { openStore } from '../../shared/io/store/open-store.ts';
import { Places } from './access/places.ts';
import { createApp } from './app.ts';
import { Classifier } from './classifier.ts';
import { parseConfig } from './config.ts';
import { ExampleStore } from './examples/example-store.ts';

/**
 * The function `trainer`: keeps labelled pictures and fits heads to them. It holds no model: embeddings come from
 * `clip` through the gateway.
 * @throws Error when a setting is not usable
 */
export async function createFunction(env: Environment, log: Log): Promise<ServedFunction> {
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
  const app = createApp({
    config,
    log,
    store,
    token,
    examples: new ExampleStore(store),
    classifier: new Classifier(client),
    trainings: new Places(1),
    uploads: new Places(config.maxUploads),
  });
  return { fetch: app, ready: () => true, close: () => store.close() };
}
