import type { CreateFunction } from '../../shared/core/served-function.ts';
import { ClipClient } from '../../shared/http/clip-client.ts';
import { createApp } from './app.ts';
import { loadAssets } from './assets.ts';
import { BytesInFlight } from './bytes-in-flight.ts';
import { parseConfig } from './config.ts';
import { HeadList } from './head-list.ts';
import { pageFrame } from './pages/layout.ts';

/** A page waits no longer than this for the list of heads. */
const HEADS_TIMEOUT_MS = 1_500;

/**
 * The function `frontend`: the page on which people ask what is in a picture. It holds no model: the picture goes on to
 * `clip` through the gateway.
 */
export const createFunction: CreateFunction = async (env, log) => {
  const config = parseConfig(env);
  const assets = await loadAssets(new URL('./assets/', import.meta.url));
  const { gatewayUrl } = config;
  const app = createApp({
    assets,
    clip: new ClipClient({ gatewayUrl, timeoutMs: config.clipTimeoutMs }),
    config,
    frame: pageFrame(config, assets),
    heads: new HeadList(new ClipClient({ gatewayUrl, timeoutMs: HEADS_TIMEOUT_MS }), log),
    inFlight: new BytesInFlight(config.maxBytesInFlight),
    log,
  });
  return {
    fetch: async (request) => app.fetch(request),
    ready: () => true,
    close: () => Promise.resolve(),
  };
};
