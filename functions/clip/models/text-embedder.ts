import { AppError } from '../../../shared/core/errors.ts';
import type { LruCache } from '../../../shared/core/lru-cache.ts';
import type { Encoder } from '../../../shared/io/encoder.ts';
import { MicroBatcher } from '../flow/micro-batcher.ts';
import { SingleFlight } from '../flow/single-flight.ts';
import type { Patience } from '../flow/waiting-line.ts';

export interface TextEmbedderOptions {
  readonly encoder: Encoder;
  readonly cache: LruCache<Float32Array>;
  /** Texts of requests that may wait for a turn. */
  readonly maxQueue: number;
}

/** Texts of one run: few enough that pictures get their turn in between. */
const MAX_BATCH = 8;

/** texts → cache → tokenize and encode, in the same worker as the pictures and by turns with them. */
export class TextEmbedder {
  readonly #options: TextEmbedderOptions;
  readonly #flights = new SingleFlight<Float32Array>();
  readonly #batcher: MicroBatcher<string, Float32Array>;

  constructor(options: TextEmbedderOptions) {
    this.#options = options;
    this.#batcher = new MicroBatcher({
      maxBatch: MAX_BATCH,
      run: (texts) => options.encoder.encodeTexts(texts),
    });
  }

  /**
   * @returns one L2-normalised embedding each, in order
   * @throws AppError busy or not-ready
   */
  async embed(texts: readonly string[], patience: Patience): Promise<readonly Float32Array[]> {
    this.#refuseWhenFull();
    return Promise.all(texts.map((text) => this.#embedShared(text, patience)));
  }

  /** The same without hurry, a run at a time: whoever waits for an answer waits for one run of these at most. */
  async embedInBackground(texts: readonly string[]): Promise<readonly Float32Array[]> {
    const embeddings: Float32Array[] = [];
    for (let at = 0; at < texts.length; at += MAX_BATCH) {
      const run = texts.slice(at, at + MAX_BATCH).map((text) => this.#embedOne(text, { waitMs: Infinity }));
      embeddings.push(...(await Promise.all(run)));
    }
    return embeddings;
  }

  /** Judged before a request's own texts are added: one that comes while few wait is served whatever it brings. */
  #refuseWhenFull(): void {
    const { maxQueue } = this.#options;
    if (this.#batcher.waiting < maxQueue) return;
    throw new AppError(
      'busy',
      `Expected fewer than ${maxQueue} texts waiting but there are more. Try again in a moment.`,
      { retryAfterSeconds: 2 },
    );
  }

  /** Texts that two requests bring at once are encoded once. */
  async #embedShared(text: string, patience: Patience): Promise<Float32Array> {
    const encode = (signal: AbortSignal) => this.#embedOne(text, { ...patience, signal });
    return (await this.#flights.run(text, encode, patience.signal)).value;
  }

  async #embedOne(text: string, patience: Patience): Promise<Float32Array> {
    const { cache, encoder } = this.#options;
    const key = `${encoder.bundle.revision} ${text}`;
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const { result } = await this.#batcher.add(text, patience);
    cache.set(key, result);
    return result;
  }
}
