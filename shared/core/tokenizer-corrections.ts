/**
 * Two places where `@huggingface/tokenizers` 0.2 (JavaScript) leaves the reference (Rust), mended before it sees a text.
 * The golden tests hold every other string to the reference as it is.
 */
export interface TokenizerCorrections {
  /** A text that the package turns into the ids which the reference gives for the original. */
  readonly correct: (text: string) => string;
}

interface AddedToken {
  readonly content: string;
  readonly normalized: boolean;
}

/**
 * 1. JavaScript lower-cases a word's last Σ to ς; the reference goes letter by letter and always makes it σ.
 * 2. A text that becomes a special token only by normalisation (`<|ENDOFTEXT|>`) is text to the reference and the token
 *    itself to the package, but only where nothing else stands beside it. A blank, which makes no token, does that.
 *
 * @param tokenizerJson parsed `tokenizer.json`
 * @example correct('ΟΔΟΣ') // 'ΟΔΟσ', which lower-cases to 'οδοσ'
 */
export function tokenizerCorrections(tokenizerJson: unknown): TokenizerCorrections {
  const { normalizer, added_tokens: added = [] } = tokenizerJson as {
    normalizer?: unknown;
    added_tokens?: readonly AddedToken[];
  };
  if (!isLowerCasing(normalizer)) return { correct: (text) => text };
  const verbatim = added.filter((token) => !token.normalized).map((token) => token.content);
  const lookalike = lookalikePattern(verbatim, added);
  return {
    correct: (text) => {
      const lowered = text.replaceAll('Σ', 'σ');
      if (lookalike === undefined) return lowered;
      return lowered.replace(lookalike, (match) => (verbatim.includes(match) ? match : `${match} `));
    },
  };
}

/** `Lowercase`, alone or in a `Sequence`, or a `BertNormalizer` that does the same. */
function isLowerCasing(normalizer: unknown): boolean {
  return /"type":"Lowercase"|"lowercase":true/.test(JSON.stringify(normalizer ?? null));
}

/** A special token in other letters, at the text's end or right before another one. */
function lookalikePattern(verbatim: readonly string[], added: readonly AddedToken[]): RegExp | undefined {
  if (verbatim.length === 0) return undefined;
  const anyOf = (texts: readonly string[]) =>
    texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
  return new RegExp(`(?:${anyOf(verbatim)})(?=$|${anyOf(added.map((token) => token.content))})`, 'giu');
}
