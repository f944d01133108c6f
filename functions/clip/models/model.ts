import { join } from 'node:path';
import type { HeadDefinition } from '../../../shared/core/head.ts';
import type { Log } from '../../../shared/core/log.ts';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import type { Encoder } from '../../../shared/io/encoder.ts';
import { readAccuracy } from '../../../shared/io/evaluation-report.ts';
import { startEncoder } from '../../../shared/io/onnx-encoder.ts';
import type { PixelHead } from '../../../shared/io/pixel-head-directory.ts';
import type { ClipConfig } from '../config.ts';
import type { DecodeGate } from '../flow/decode-gate.ts';
import type { KeyValueStore } from '../../../shared/io/store/key-value-store.ts';
import type { EmbeddingCaches } from './embedding-cache.ts';
import { HeadCatalogue } from './head-catalogue.ts';
import { ImageEmbedder, type AnyEmbedder } from './image-embedder.ts';
import { preparedHead } from './prepared-head.ts';
import { digitsSource, embeddingSource, type PictureSource } from '../../../shared/io/picture-source.ts';
import { StoredHeads } from './stored-heads.ts';
import { TextEmbedder } from './text-embedder.ts';

/** One bundle in service. */
export interface Model {
  readonly encoder: Encoder;
  readonly images: AnyEmbedder;
  /** Pictures for the heads that have a network of their own, by the head's id. */
  readonly pixelHeads: ReadonlyMap<string, AnyEmbedder>;
  readonly texts: TextEmbedder;
  readonly heads: HeadCatalogue;
  close(): Promise<void>;
}

/** What all models of the process share. */
export interface ModelSurroundings {
  readonly config: ClipConfig;
  readonly log: Log;
  readonly caches: EmbeddingCaches;
  readonly gate: DecodeGate;
  readonly definitions: readonly HeadDefinition[];
  /** Heads with a network of their own; every model serves them alike. */
  readonly pixelHeads: readonly PixelHead[];
  readonly onBatch: (size: number) => void;
  /** Of trained heads; undefined where built-in ones are all there is. */
  readonly store?: KeyValueStore | undefined;
}

/**
 * Reads and checks the bundle, starts its encoder and sets about its heads, which go on loading afterwards.
 * @throws Error when a file of the bundle is missing, altered or not what it should be
 */
export async function loadModel(id: string, surroundings: ModelSurroundings): Promise<Model> {
  const { config, log } = surroundings;
  const startMs = performance.now();
  const bundle = await readBundle(join(config.modelsDir, id), { verify: true });
  const encoder = await startEncoder(bundle, {
    threads: config.threads,
    onDeath: (reason) => log.error({ model: id, err: reason }, 'The encoder stopped'),
  });
  const model = serveEncoder(encoder, surroundings);
  log.info(
    {
      model: id,
      revision: bundle.revision,
      threads: config.threads,
      ms: Math.round(performance.now() - startMs),
    },
    'Model loaded',
  );
  model.heads.loadAll().then(
    () => log.info({ model: id, ms: Math.round(performance.now() - startMs) }, 'Heads loaded'),
    (error: unknown) => log.error({ model: id, err: error }, 'A head could not be loaded'),
  );
  return model;
}

/** Everything around an encoder that is there already. */
export function serveEncoder(encoder: Encoder, surroundings: ModelSurroundings): Model {
  const { config, caches, gate, definitions, pixelHeads, onBatch, store, log } = surroundings;
  const { bundle } = encoder;
  const stored = store && new StoredHeads({ store, revision: bundle.revision, log });
  const { maxImagePixels, maxJpegPixels, decodeTimeoutMs: timeoutMs } = config;
  const texts = new TextEmbedder({ encoder, cache: caches.texts, maxQueue: config.maxTextQueue });
  const embedder = <Pixels>(source: PictureSource<Pixels>) =>
    new ImageEmbedder<Pixels>({
      ...config,
      source,
      cache: caches.images,
      gate,
      decodeLimits: { maxImagePixels, maxJpegPixels, timeoutMs },
      onBatch,
    });
  return {
    encoder,
    texts,
    images: embedder(embeddingSource(encoder)),
    pixelHeads: new Map(pixelHeads.map((one) => [one.head.id, embedder(digitsSource(encoder, one))])),
    heads: new HeadCatalogue({
      bundle,
      definitions,
      pixelHeads,
      readPrepared: (id) => preparedHead(bundle, id, log),
      readAccuracy: (head) => readAccuracy(pixelHeads.find((one) => one.head === head) ?? bundle, head),
      encodeTexts: (batch) => texts.embedInBackground(batch),
      loadWaitMs: config.loadWaitMs,
      stored,
    }),
    close: async () => {
      await stored?.close();
      await encoder.close();
    },
  };
}
