"""OpenAI CLIP's vocabulary as a Hugging Face `tokenizer.json`, and golden ids from it.

    python models/training/clip_tokenizer.py --data DIR

Reads `<DIR>/clip-vocabulary/clip_vocab.json` and `clip_merges.txt`. The vocabulary itself is not the project's to ship:
committed are the skeleton around it (`clip-tokenizer-skeleton.json`, `vocab` and `merges` empty) and the ids of the
golden texts (`clip-tokens.json`). A test that has the vocabulary fills the skeleton in again:

    skeleton.model.vocab = clip_vocab.json
    skeleton.model.merges = the lines of clip_merges.txt after its first ("#version"), without empty ones
"""

import argparse
import json
from pathlib import Path

import tokenizers

from golden_texts import golden_texts

GOLDEN = Path(__file__).parents[2] / "test" / "golden"
START, END = "<|startoftext|>", "<|endoftext|>"

# Contractions, runs of letters, single digits, runs of anything else. See openai/CLIP, simple_tokenizer.py.
WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def skeleton(start_id: int, end_id: int) -> dict:
    """Everything of a CLIP `tokenizer.json` but `model.vocab` and `model.merges`, which are empty."""
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_special(START, start_id), _special(END, end_id)],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFC"},
                {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
                {"type": "Lowercase"},
            ],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": WORDS}, "behavior": "Removed", "invert": True},
                {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
            ],
        },
        "post_processor": {
            "type": "RobertaProcessing",
            "sep": [END, end_id],
            "cls": [START, start_id],
            "trim_offsets": False,
            "add_prefix_space": False,
        },
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": END,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "</w>",
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {},
            "merges": [],
        },
    }


def _special(token: str, token_id: int) -> dict:
    # normalized=True would look for it in the lower-cased text: "<|EndOfText|>" would count as the token as well.
    return {
        "id": token_id, "content": token,
        "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True,
    }


def fill(empty: dict, vocabulary: dict[str, int], merges: list[str]) -> dict:
    """The skeleton with its two holes filled."""
    return {**empty, "model": {**empty["model"], "vocab": vocabulary, "merges": merges}}


def write_golden_tokens(path: Path, tokenizer_json: dict, made_by: str) -> None:
    """Ids of every golden text, start and end tokens included, never truncated."""
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(tokenizer_json))
    cases = [{"text": text, "ids": tokenizer.encode(text).ids} for text in golden_texts()]
    report = {"madeBy": made_by, "versions": {"tokenizers": tokenizers.__version__}}
    lines = ",\n".join(f"  {json.dumps(case, separators=(',', ':'))}" for case in cases)
    head = json.dumps(report)[:-1]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{head}, "cases": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{path.name}: {len(cases)} texts")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data / "clip-vocabulary"
    vocabulary = json.loads((folder / "clip_vocab.json").read_text(encoding="utf-8"))
    lines = (folder / "clip_merges.txt").read_text(encoding="utf-8").split("\n")
    empty = skeleton(vocabulary[START], vocabulary[END])
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "clip-tokenizer-skeleton.json").write_text(json.dumps(empty, indent=2) + "\n", encoding="utf-8")
    filled = fill(empty, vocabulary, [line for line in lines[1:] if line])
    write_golden_tokens(GOLDEN / "clip-tokens.json", filled, "models/training/clip_tokenizer.py")


if __name__ == "__main__":
    main()
