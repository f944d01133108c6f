import { SettingsReader, type Environment } from '../../shared/core/settings.ts';

export interface FrontendConfig {
  readonly gatewayUrl: string;
  /** Where the browser finds this function, with a slash at both ends. */
  readonly publicPath: string;
  /** For a call to `clip` as a whole, second try included. */
  readonly clipTimeoutMs: number;
  readonly maxUploadBytes: number;
  readonly maxRequestBytes: number;
  /** Of all requests together; a picture that a page shows counts four times. */
  readonly maxBytesInFlight: number;
}

const MIB = 2 ** 20;

/** @throws Error that names every setting that is malformed */
export function parseConfig(env: Environment): FrontendConfig {
  const read = new SettingsReader(env);
  const config = {
    gatewayUrl: read.url('gateway_url', 'http://gateway.openfaas.svc.cluster.local:8080'),
    publicPath: read.text('public_path', '/function/frontend/').replace(/\/*$/, '/'),
    clipTimeoutMs: read.durationMs('clip_timeout', { default: 12_000, min: 100, max: 60_000 }),
    maxUploadBytes: read.bytes('max_upload_bytes', { default: 10 * MIB, min: 1_024, max: 1_024 * MIB }),
    maxRequestBytes: read.bytes('max_request_bytes', { default: 16 * MIB, min: 1_024, max: 1_024 * MIB }),
    maxBytesInFlight: read.bytes('max_bytes_in_flight', { default: 24 * MIB, min: 1_024, max: 16_384 * MIB }),
  };
  // A picture over it would be told for ever to come back later.
  read.bytesWithin(
    ['max_upload_bytes', config.maxUploadBytes],
    ['max_bytes_in_flight', config.maxBytesInFlight],
  );
  read.check();
  // It is written into every page as the base of all links: another host's name must not slip in.
  if (!/^\/(?:[\w.~-]+\/)*$/.test(config.publicPath)) {
    throw new Error(
      `Settings are not usable. Expected a path such as /function/frontend/ for public_path but received ${JSON.stringify(env.public_path)}.`,
    );
  }
  return Object.freeze(config);
}
