import { SettingsReader, type Environment } from '../../shared/core/settings.ts';
import { SECRETS_DIR } from '../../shared/io/secret.ts';

const KiB = 2 ** 10;
const MiB = 2 ** 20;
const GiB = 2 ** 30;
const MEGAPIXEL = 1_000_000;

export type TrainerConfig = ReturnType<typeof parseConfig>;

/**
 * Everything that can be set from outside, read once.
 * @throws Error naming every malformed setting
 */
export function parseConfig(env: Environment) {
  const read = new SettingsReader(env);
  const config = Object.freeze({
    gatewayUrl: read.url('gateway_url', 'http://gateway.openfaas.svc.cluster.local:8080'),
    /** For a call to `clip` as a whole, second try included. */
    clipTimeoutMs: read.durationMs('clip_timeout', { default: 12_000, min: 100, max: 60_000 }),
    /** `lmdb:DIRECTORY`, or `redis://…` without a password. */
    storeUrl: read.text('STORE_URL', 'lmdb:.data/store'),
    /** Bytes of the embedded store. */
    maxStoreBytes: read.bytes('max_store_bytes', { default: 2 * GiB, min: MiB, max: 1_024 * GiB }),
    /** Directory of `trainer-token` and `store-password`. */
    secretsDir: read.text('secrets_dir', SECRETS_DIR),
    /** Token for writes where no secret is mounted; none at all switches them off. */
    token: read.text('TRAINER_TOKEN', ''),

    /** Bytes of one picture, and of one request. */
    maxUploadBytes: read.bytes('max_upload_bytes', { default: 10 * MiB, min: KiB, max: GiB }),
    maxRequestBytes: read.bytes('max_request_bytes', { default: 64 * MiB, min: KiB, max: GiB }),
    /** Requests with pictures at once, each of which may hold a whole one in memory; others wait for their turn. */
    maxUploads: read.integer('max_uploads', { default: 2, min: 1, max: 100 }),
    /** Pixels of one picture; the second for JPEGs that shrink while they load. */
    maxImagePixels: read.integer('max_image_pixels', pixels(64)),
    maxJpegPixels: read.integer('max_jpeg_pixels', pixels(256)),
    decodeTimeoutMs: read.durationMs('decode_timeout', { default: 5_000, min: 10, max: 60_000 }),

    /** After it no other picture of a request is begun, and the rest is answered as not done. Waiting for its turn counts. */
    uploadBudgetMs: read.durationMs('upload_budget', { default: 16_000, min: 10, max: 600_000 }),
    /** After it a training ends with its best weights. */
    trainingBudgetMs: read.durationMs('training_budget', { default: 20_000, min: 100, max: 600_000 }),
    /** Examples of one head. */
    maxExamples: read.integer('max_examples', { default: 5_000, min: 10, max: 100_000 }),
    /** Heads with examples. */
    maxHeads: read.integer('max_trained_heads', { default: 50, min: 1, max: 10_000 }),
    /** Trained versions of one head. */
    maxVersions: read.integer('max_versions', { default: 20, min: 2, max: 1_000 }),
    /** Origins whose pages may call this function from a browser; none by default. */
    corsOrigins: read.origins('cors_origins'),
  });
  read.check();
  return config;
}

function pixels(megapixels: number) {
  return { default: megapixels * MEGAPIXEL, min: 1, max: 4_000 * MEGAPIXEL };
}
