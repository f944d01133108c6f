import type { CreateFunction } from '../../shared/core/served-function.ts';
import { ClipClient } from '../../shared/http/clip-client.ts';
import { createApp } from './app.ts';
import { loadAssets } from './assets.ts';
import { BytesInFlight } from '../../shared/http/bytes-in-flight.ts';
import { ClipOffer } from './clip-offer.ts';
import { parseConfig } from './config.ts';
import { pageFrame } from './pages/layout.ts';
import { TrainerClient } from './trainer-client.ts';

/** A page waits no longer than this for the lists of heads and models. */
const OFFER_TIMEOUT_MS = 1_500;
/** The status page has nothing else to show. */
const STATUS_TIMEOUT_MS = 4_000;

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
    inFlight: new BytesInFlight(config.maxBytesInFlight),
    log,
    offer: new ClipOffer(new ClipClient({ gatewayUrl, timeoutMs: OFFER_TIMEOUT_MS }), log),
    trainer: new TrainerClient({ gatewayUrl, timeoutMs: OFFER_TIMEOUT_MS, log }),
    statusClip: new ClipClient({ gatewayUrl, timeoutMs: STATUS_TIMEOUT_MS }),
  });
  return {
    fetch: async (request) => app.fetch(request),
    ready: () => true,
    close: () => Promise.resolve(),
  };
};
