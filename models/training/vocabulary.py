"""Our own byte-level BPE in CLIP's style, learned from WordNet and the label texts.

As in CLIP: NFC, white space to one blank, lower case; words, digits and punctuation apart; bytes as printable characters;
`</w>` ends a word. Ids: 256 bytes, the same 256 at a word's end, then merges in the order learned, start, end of text.
Every byte is in it, so that no text is unknown.
"""

from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer

START, END, SUFFIX = "<|startoftext|>", "<|endoftext|>", "</w>"
SIZE = 24_576
"""Entries: most of WordNet's short names are one or two of them; 384 bytes each in the text tower."""

WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
"""CLIP's pattern. @see openai/CLIP, simple_tokenizer.py"""


def train_vocabulary(texts: list[str], size: int = SIZE) -> Tokenizer:
    """Learns the merges from `texts` and lays the ids out as said above."""
    learner = _pipeline(BPE(end_of_word_suffix=SUFFIX, unk_token=END))
    trainer = BpeTrainer(vocab_size=size, min_frequency=2, special_tokens=[START, END], end_of_word_suffix=SUFFIX,
                         initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    learner.train_from_iterator(texts, trainer)
    merges = [tuple(merge) for merge in _merges(learner)]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    entries = [*alphabet, *(byte + SUFFIX for byte in alphabet)]
    entries = list(dict.fromkeys(entries + [left + right for left, right in merges]))
    room = size - 2
    merges = [merge for merge in merges if merge[0] + merge[1] in set(entries[:room])]
    vocabulary = {entry: id for id, entry in enumerate([*entries[:room], START, END])}
    model = BPE(vocabulary, merges, unk_token=END, end_of_word_suffix=SUFFIX, fuse_unk=False,
                continuing_subword_prefix="")
    tokenizer = _pipeline(model)
    tokenizer.add_special_tokens([START, END])
    tokenizer.post_processor = processors.RobertaProcessing(
        (END, vocabulary[END]), (START, vocabulary[START]), trim_offsets=False, add_prefix_space=False
    )
    return tokenizer


def save(tokenizer: Tokenizer, path: Path) -> None:
    """Writes `tokenizer.json`, compact."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tokenizer.to_str(pretty=False) + "\n", encoding="utf-8")


def _pipeline(model: BPE) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _merges(tokenizer: Tokenizer) -> list[list[str]]:
    import json

    return json.loads(tokenizer.to_str())["model"]["merges"]
