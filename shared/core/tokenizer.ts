import { Tokenizer } from '@huggingface/tokenizers';
import { FormatError } from './format-error.ts';
import { tokenizerCorrections, type TokenizerCorrections } from './tokenizer-corrections.ts';

/** What we use of the package, whose own declarations do not resolve under Node's rules for modules. */
interface HuggingFaceTokenizer {
  encode(text: string): { readonly ids: readonly number[] };
}
const TokenizerClass = Tokenizer as unknown as new (json: unknown, config: object) => HuggingFaceTokenizer;

export interface TokenBatch {
  /** int64, row-major [texts, length]. */
  readonly ids: BigInt64Array;
  /** Tokens of the longest text. */
  readonly length: number;
}

/**
 * Text to token ids, by the bundle's own `tokenizer.json`.
 *
 * @example for CLIP's vocabulary: encode('a photo of a cat') // 49406 320 1125 539 320 2368 49407
 * @see Radford et al. 2021, §2.4: byte-level BPE, bracketed by start and end tokens
 */
export class ClipTokenizer {
  readonly #tokenizer: HuggingFaceTokenizer;
  readonly #corrections: TokenizerCorrections;
  readonly #contextLength: number;
  readonly #endId: number;

  /**
   * @param tokenizerJson parsed `tokenizer.json`
   * @param contextLength tokens a text may have, start and end included
   * @throws FormatError when this is no tokenizer, or one that does not bracket a text with start and end
   */
  constructor(tokenizerJson: unknown, contextLength: number) {
    this.#tokenizer = readTokenizer(tokenizerJson);
    this.#corrections = tokenizerCorrections(tokenizerJson);
    this.#contextLength = contextLength;
    const [start, end, ...others] = this.#tokenizer.encode('').ids;
    if (start === undefined || end === undefined || others.length > 0) {
      throw notATokenizer('start and end tokens around an empty text', this.#tokenizer.encode('').ids.length);
    }
    this.#endId = end;
  }

  /** Ids with start and end; a text over the context length loses its last tokens and keeps the end. */
  encode(text: string): readonly number[] {
    const { ids } = this.#tokenizer.encode(this.#corrections.correct(text));
    if (ids.length <= this.#contextLength) return ids;
    return [...ids.slice(0, this.#contextLength - 1), this.#endId];
  }

  /**
   * Texts as one batch, padded at the end to the longest of them. Padding is the end token, as CLIP's own tokenizer
   * pads: the text encoder reads the embedding off the first one.
   */
  pad(batch: readonly (readonly number[])[]): TokenBatch {
    const length = Math.max(0, ...batch.map((ids) => ids.length));
    const ids = new BigInt64Array(batch.length * length).fill(BigInt(this.#endId));
    for (const [row, tokens] of batch.entries()) {
      for (const [column, id] of tokens.entries()) ids[row * length + column] = BigInt(id);
    }
    return { ids, length };
  }
}

function readTokenizer(json: unknown): HuggingFaceTokenizer {
  try {
    return new TokenizerClass(json, {});
  } catch (error) {
    throw notATokenizer('a tokenizer of Hugging Face', error);
  }
}

function notATokenizer(expected: string, received: unknown): FormatError {
  const message = `Expected ${expected} for \`tokenizer\` but received ${String(received)}.`;
  return new FormatError('tokenizer.json', [{ field: 'tokenizer', message }]);
}
