import { SettingsReader, type Environment } from '../../shared/core/settings.ts';
import { cpuLimit } from '../../shared/io/cpu-limit.ts';
import { SECRETS_DIR } from '../../shared/io/secret.ts';

const KiB = 2 ** 10;
const MiB = 2 ** 20;
const GiB = 2 ** 30;
const MEGAPIXEL = 1_000_000;

export type ClipConfig = ReturnType<typeof parseConfig>;

/**
 * Everything that can be set from outside, read once.
 * @throws Error naming every malformed setting
 */
export function parseConfig(env: Environment) {
  const read = new SettingsReader(env);
  const config = Object.freeze({
    /** Folder of bundles and head definitions. */
    modelsDir: read.text('models_dir', 'models'),
    /** Id of the bundle to serve by default; empty: the first fetched one of the catalogue, else mini-clip. */
    modelId: read.text('CLIP_MODEL', ''),
    /** Bundles held in memory at once; those beyond the default one are loaded when first asked for. */
    maxModels: read.integer('max_models', { default: 2, min: 1, max: 16 }),
    /** Threads of the encoder; the container's whole CPUs by default. */
    threads: read.integer('encoder_threads', { default: cpuLimit(), min: 1, max: 256 }),

    /** Bytes of one picture; of base64 the decoded ones. */
    maxUploadBytes: read.bytes('max_upload_bytes', { default: 10 * MiB, min: KiB, max: GiB }),
    /** Bytes of one request. */
    maxRequestBytes: read.bytes('max_request_bytes', { default: 16 * MiB, min: KiB, max: GiB }),
    /** Pictures of one request. */
    maxImages: read.integer('max_images', { default: 32, min: 1, max: 1_000 }),
    /** Heads of one request. */
    maxHeads: read.integer('max_heads', { default: 8, min: 1, max: 100 }),

    /** Pixels of one picture; the second for JPEGs that shrink while they load. */
    maxImagePixels: read.integer('max_image_pixels', pixels(64)),
    maxJpegPixels: read.integer('max_jpeg_pixels', pixels(256)),
    decodeTimeoutMs: read.durationMs('decode_timeout', { default: 5_000, min: 10, max: 60_000 }),
    /** Pictures decoded at once, and their pixels together; a single picture may have more than that alone. */
    maxDecodes: read.integer('max_decodes', { default: Math.max(2, cpuLimit()), min: 1, max: 64 }),
    maxPixelsInFlight: read.integer('max_pixels_in_flight', pixels(128)),

    /** Pictures waiting or being worked on, in all requests together. */
    maxQueue: read.integer('max_queue', { default: 64, min: 1, max: 10_000 }),
    /** Texts that wait to be embedded, own labels above all, before the next request with texts is refused. */
    maxTextQueue: read.integer('max_text_queue', { default: 512, min: 1, max: 100_000 }),
    /** How long a picture waits for its turns, before it is refused. */
    queueWaitMs: read.durationMs('queue_wait', { default: 4_000, min: 1, max: 60_000 }),
    /** Pictures encoded in one run. */
    maxBatch: read.integer('max_batch', { default: 8, min: 1, max: 128 }),
    /** Bytes of all bodies that are held. */
    maxBytesInFlight: read.bytes('max_bytes_in_flight', { default: 64 * MiB, min: KiB, max: 64 * GiB }),

    /** Embeddings of pictures and of texts kept in memory; 0 keeps none. */
    cacheBytes: read.bytes('cache_bytes', { default: 64 * MiB, min: 0, max: 64 * GiB }),
    textCacheBytes: read.bytes('text_cache_bytes', { default: 16 * MiB, min: 0, max: 64 * GiB }),
    /** How long a request waits for a model or a head that is still loading. */
    loadWaitMs: read.durationMs('load_wait', { default: 8_000, min: 1, max: 60_000 }),
    /** Where trained heads are: `lmdb:DIRECTORY`, or `redis://…` without a password. Empty: built-in heads alone. */
    storeUrl: read.text('STORE_URL', ''),
    /** Bytes of the embedded store. */
    maxStoreBytes: read.bytes('max_store_bytes', { default: 2 * GiB, min: MiB, max: 1_024 * GiB }),
    /** Directory of `store-password`. */
    secretsDir: read.text('secrets_dir', SECRETS_DIR),
    /** Origins whose pages may call this function from a browser; none by default. */
    corsOrigins: read.origins('cors_origins'),
  });
  // A picture over it would be told for ever to come back later.
  read.bytesWithin(
    ['max_upload_bytes', config.maxUploadBytes],
    ['max_bytes_in_flight', config.maxBytesInFlight],
  );
  read.check();
  return config;
}

function pixels(megapixels: number) {
  return { default: megapixels * MEGAPIXEL, min: 1, max: 4_000 * MEGAPIXEL };
}
