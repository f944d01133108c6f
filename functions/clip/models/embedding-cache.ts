import type { ImageFormat } from '../../../shared/core/image-format.ts';
import { LruCache } from '../../../shared/core/lru-cache.ts';
import type { Encoded } from '../../../shared/io/picture-source.ts';

/** What is kept of a picture: never the picture itself. */
export interface CachedImage extends Encoded {
  /** Pixels of the picture as it was sent, after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
}

export interface EmbeddingCaches {
  /** By revision of the bundle or the head, version of our preprocessing and SHA-256 of the bytes. */
  readonly images: LruCache<CachedImage>;
  /** By bundle revision and text. */
  readonly texts: LruCache<Float32Array>;
}

/** Numbers and object headers beside the embedding, roughly. */
const OVERHEAD_BYTES = 200;

/** One pair for all models: the revision is part of each key. @param sizes in bytes; 0 keeps nothing */
export function createCaches(sizes: { cacheBytes: number; textCacheBytes: number }): EmbeddingCaches {
  return {
    images: new LruCache({
      maxBytes: sizes.cacheBytes,
      sizeOf: ({ embedding }) => embedding.byteLength + OVERHEAD_BYTES,
    }),
    texts: new LruCache({
      maxBytes: sizes.textCacheBytes,
      sizeOf: (embedding) => embedding.byteLength + OVERHEAD_BYTES,
    }),
  };
}
