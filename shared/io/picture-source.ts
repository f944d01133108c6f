import { DIGITS_PREPROCESSING_VERSION, DIGITS_SIDE, type RgbPicture } from '../core/digits/read-digit.ts';
import { PREPROCESSING_VERSION } from '../core/preprocessing.ts';
import { decodeImage, type DecodedImage, type DecodeOptions } from './decode-image.ts';
import { decodeWhole } from './decode-whole.ts';
import type { Encoder } from './encoder.ts';
import type { PixelHead } from './pixel-head-directory.ts';

/** What a network makes of a picture. */
export interface Encoded {
  /** Of a bundle the embedding, L2-normalised; of a head with its own network that network's logits. */
  readonly embedding: Float32Array;
  /** Digits that were found, where digits were looked for. */
  readonly found?: number;
}

/** The way from a picture's bytes to numbers: one for each bundle, and one for each head with its own network. */
export interface PictureSource<Pixels> {
  /** Part of the cache's key: changes whenever the same bytes would give other numbers. */
  readonly key: string;
  decode(bytes: Uint8Array, options: DecodeOptions): Promise<DecodedImage<Pixels>>;
  /** One run; in the pictures' order. */
  encode(pictures: readonly Pixels[]): Promise<readonly Encoded[]>;
}

/** A bundle's image encoder, on the middle of the picture. */
export function embeddingSource(encoder: Encoder): PictureSource<Uint8Array> {
  const { revision, preprocessing } = encoder.bundle;
  return {
    key: `${revision} ${PREPROCESSING_VERSION}`,
    decode: (bytes, options) => decodeImage(bytes, preprocessing, options),
    encode: async (pictures) => (await encoder.encodeImages(pictures)).map((embedding) => ({ embedding })),
  };
}

/** The digits network, on the whole picture. It runs in the encoder's thread; the encoder itself does not run. */
export function digitsSource(encoder: Encoder, { head, modelPath }: PixelHead): PictureSource<RgbPicture> {
  return {
    key: `${head.bundleRevision} ${DIGITS_PREPROCESSING_VERSION}`,
    decode: (bytes, options) => decodeWhole(bytes, DIGITS_SIDE, options),
    encode: async (pictures) =>
      (await encoder.readDigits(pictures, modelPath)).map(({ logits, found }) => ({
        embedding: logits,
        found,
      })),
  };
}
