import { AppError } from '../../../shared/core/errors.ts';
import type { LruCache } from '../../../shared/core/lru-cache.ts';
import {
  checkPixels,
  pixelsHeld,
  readImageHeader,
  type DecodeLimits,
} from '../../../shared/io/decode-image.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';
import type { DecodeGate } from '../flow/decode-gate.ts';
import { MicroBatcher } from '../flow/micro-batcher.ts';
import { SingleFlight } from '../flow/single-flight.ts';
import type { CachedImage } from './embedding-cache.ts';
import type { Encoded, PictureSource } from '../../../shared/io/picture-source.ts';

/** Milliseconds that a picture's stages took; none of them for a picture from the cache. */
export interface StageTimes {
  readonly queueMs: number;
  readonly decodeMs: number;
  readonly encodeMs: number;
}

export interface EmbeddedImage extends CachedImage, StageTimes {
  /** Of the bytes as they were sent. */
  readonly sha256: string;
  /** `shared`: the same picture was being encoded for somebody else at that moment. */
  readonly cache: 'hit' | 'miss' | 'shared';
}

export interface ImageEmbedderOptions<Pixels> {
  readonly source: PictureSource<Pixels>;
  readonly cache: LruCache<CachedImage>;
  readonly gate: DecodeGate;
  readonly decodeLimits: DecodeLimits;
  readonly maxBatch: number;
  /** Pictures waiting or being worked on. */
  readonly maxQueue: number;
  /** For both waits together, at the gate and for the encoder. */
  readonly queueWaitMs: number;
  /** Told of each run's size. */
  readonly onBatch: (size: number) => void;
}

/** An embedder, whatever it decodes to. */
export type AnyEmbedder = Pick<ImageEmbedder<never>, 'embed' | 'inFlight' | 'waiting'>;

const NO_TIMES: StageTimes = { queueMs: 0, decodeMs: 0, encodeMs: 0 };

/** bytes → SHA-256 → cache → decode → encode. @typeParam Pixels between decoding and encoding */
export class ImageEmbedder<Pixels> {
  readonly #options: ImageEmbedderOptions<Pixels>;
  readonly #flights = new SingleFlight<CachedImage & StageTimes>();
  readonly #batcher: MicroBatcher<Pixels, Encoded>;

  constructor(options: ImageEmbedderOptions<Pixels>) {
    this.#options = options;
    this.#batcher = new MicroBatcher({
      maxBatch: options.maxBatch,
      run: (pixels) => {
        options.onBatch(pixels.length);
        return options.source.encode(pixels);
      },
    });
  }

  /** Pictures waiting or being worked on. */
  get inFlight(): number {
    return this.#flights.size;
  }

  /** Pictures that are decoded and wait for the encoder. */
  get waiting(): number {
    return this.#batcher.waiting;
  }

  /**
   * @param signal aborted when the client has left
   * @throws AppError bad-request, unsupported-image, undecodable-image, busy or not-ready
   */
  async embed(bytes: Uint8Array, signal?: AbortSignal): Promise<EmbeddedImage> {
    const { cache, source } = this.#options;
    const sha256 = sha256Hex(bytes);
    const key = `${source.key} ${sha256}`;
    const cached = cache.get(key);
    if (cached !== undefined) return { ...cached, ...NO_TIMES, sha256, cache: 'hit' };
    const work = async (flight: AbortSignal) => {
      this.#refuseWhenFull();
      const { queueMs, decodeMs, encodeMs, ...image } = await this.#decodeAndEncode(bytes, flight);
      cache.set(key, image);
      return { ...image, queueMs, decodeMs, encodeMs };
    };
    const { value, isShared } = await this.#flights.run(key, work, signal);
    return { ...value, sha256, cache: isShared ? 'shared' : 'miss' };
  }

  async #decodeAndEncode(bytes: Uint8Array, signal: AbortSignal): Promise<CachedImage & StageTimes> {
    const { queueWaitMs, gate, decodeLimits, source } = this.#options;
    const header = await readImageHeader(bytes, decodeLimits.timeoutMs);
    checkPixels(header, decodeLimits);
    const patience = { waitMs: queueWaitMs, signal };
    const { queueMs: gateMs, leave } = await gate.enter(pixelsHeld(header), patience);
    const startMs = performance.now();
    // The gate is left when the decoder lets go of the picture, however late that is.
    const { pixels, ...image } = await source.decode(bytes, { ...decodeLimits, header, onFree: leave });
    const decodeMs = performance.now() - startMs;
    const waitMs = Math.max(1, queueWaitMs - gateMs);
    const { result, queueMs, runMs } = await this.#batcher.add(pixels, { waitMs, signal });
    return { ...image, ...result, decodeMs, queueMs: gateMs + queueMs, encodeMs: runMs };
  }

  #refuseWhenFull(): void {
    const { maxQueue } = this.#options;
    if (this.#flights.size < maxQueue) return;
    throw new AppError(
      'busy',
      `Expected at most ${maxQueue} pictures at once but received more. Try again in a moment.`,
      { retryAfterSeconds: 1 },
    );
  }
}
