import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClipTokenizer } from '../../../shared/core/tokenizer.ts';

/** Texts and the ids that Hugging Face's `tokenizers` (Python) gives for them, uncut. */
interface GoldenTokens {
  readonly cases: readonly { readonly text: string; readonly ids: readonly number[] }[];
}

const GOLDEN = new URL('../../golden/', import.meta.url);
const MINI_CLIP = new URL('../../../models/mini-clip/tokenizer.json', import.meta.url);
const VOCABULARY = join(process.env.TEST_DATA_DIR ?? '', 'clip-vocabulary');
const UNCUT = 1_000_000;
const CONTEXT_LENGTH = 77;

describe('token ids equal to the Python reference', () => {
  if (!existsSync(join(VOCABULARY, 'clip_vocab.json'))) {
    it("CLIP's vocabulary: skipped, TEST_DATA_DIR does not name a folder with clip-vocabulary/", function () {
      this.skip();
    });
  } else {
    compare("CLIP's vocabulary", 'clip-tokens.json', clipTokenizerJson);
  }
  compare('mini-clip', 'mini-clip-tokens.json', () => readJson(MINI_CLIP));
});

function compare(name: string, goldenFile: string, tokenizerJson: () => Promise<unknown>): void {
  describe(name, () => {
    let golden: GoldenTokens;
    let json: unknown;

    before(async () => {
      golden = (await readJson(new URL(goldenFile, GOLDEN))) as GoldenTokens;
      json = await tokenizerJson();
    });

    it('on at least 500 texts', () => {
      expect(golden.cases.length).to.be.at.least(500);
      const tokenizer = new ClipTokenizer(json, UNCUT);
      const wrong = golden.cases.filter(({ text, ids }) => !isEqual(tokenizer.encode(text), ids));
      expect(wrong.map(({ text }) => text)).to.deep.equal([]);
    });

    it('cut to the context length with the end token kept', () => {
      const tokenizer = new ClipTokenizer(json, CONTEXT_LENGTH);
      const long = golden.cases.filter(({ ids }) => ids.length > CONTEXT_LENGTH);
      expect(long).to.not.be.empty;
      for (const { text, ids } of long) {
        expect(tokenizer.encode(text)).to.deep.equal([...ids.slice(0, CONTEXT_LENGTH - 1), ids.at(-1)]);
      }
    });
  });
}

/** The committed skeleton with the vocabulary put in, as the reference was built. */
async function clipTokenizerJson(): Promise<unknown> {
  const skeleton = (await readJson(new URL('clip-tokenizer-skeleton.json', GOLDEN))) as { model: object };
  const vocab = JSON.parse(await readFile(join(VOCABULARY, 'clip_vocab.json'), 'utf8')) as unknown;
  const [, ...lines] = (await readFile(join(VOCABULARY, 'clip_merges.txt'), 'utf8')).split('\n');
  const merges = lines.filter((line) => line !== '');
  return { ...skeleton, model: { ...skeleton.model, vocab, merges } };
}

async function readJson(file: URL): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
