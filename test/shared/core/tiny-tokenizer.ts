/**
 * A `tokenizer.json` of CLIP's make, small enough to follow by hand: letters a…z are 0…25, at a word's end 26…51, then
 * come what the four merges make ("cat" is 53), start and end.
 */
export const START = 56;
export const END = 57;

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz');
/** The bytes of σ and ς in UTF-8, as byte-level BPE writes them. */
const SIGMA = ['Ïĥ</w>', 'ÏĤ</w>'];

export function tinyTokenizerJson(): object {
  const words = [...LETTERS, ...LETTERS.map((letter) => `${letter}</w>`), 'at</w>', 'cat</w>', ...SIGMA];
  const vocab = Object.fromEntries(
    [...words, '<|startoftext|>', '<|endoftext|>'].map((word, id) => [word, id]),
  );
  const special = (id: number, content: string) => ({
    ...{ id, content, special: true, normalized: false },
    ...{ single_word: false, lstrip: false, rstrip: false },
  });
  return {
    added_tokens: [special(START, '<|startoftext|>'), special(END, '<|endoftext|>')],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: '[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+' },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['<|endoftext|>', END],
      cls: ['<|startoftext|>', START],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      unk_token: '<|endoftext|>',
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      vocab,
      merges: ['a t</w>', 'c at</w>', 'Ï ĥ</w>', 'Ï Ĥ</w>'],
    },
  };
}
