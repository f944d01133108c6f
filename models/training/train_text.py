"""Teaches the text tower: known names answer with their prototype, other nouns with where they belong.

Three kinds of text, mixed in every batch: names of the concepts in any template (cosine, and cross-entropy among
all prototypes), WordNet's physical nouns with synonyms, parents and glosses (cosine), and the same in sentences.
Continues from `<cache>/text-tower.pt` when that is there.
"""

import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from joint_space import JointSpace
from sentence_encoder import SentenceEncoder
from sentence_targets import Placement
from setup import Setup, arguments, read_setup
from text_tower import CONTEXT, TextTower, begin_from_sentence_encoder
from texts import synset_texts, templates

BATCH = 128
SHORT = 48
"""Characters; longer texts (glosses) come in batches of their own, one in four, since a batch is as long as its longest."""


@dataclass(frozen=True)
class Lessons:
    """`named`: (text, concept); `nouns`, and `long` ones with gloss: (text, row of `places`)."""

    named: list[tuple[str, int]]
    nouns: list[tuple[str, int]]
    long: list[tuple[str, int]]
    places: torch.Tensor
    prototypes: torch.Tensor
    templates: list[str]


def held_out_concepts(setup: Setup, names: Path | None) -> set[int]:
    """Concepts of the ImageNet classes listed in a file: `wnid<tab>name` a line."""
    if names is None:
        return set()
    wnids = {line.split("\t")[0] for line in names.read_text(encoding="utf-8").splitlines() if line[:1] == "n"}
    return {index for index, concept in enumerate(setup.concepts.all) if concept.wnid in wnids}


def prepare(setup: Setup, encoder: SentenceEncoder, prototypes: torch.Tensor, without: set[int]) -> Lessons:
    """All texts and their targets; nothing of the concepts in `without`, nor of their synsets."""
    concepts, wordnet = setup.concepts, setup.wordnet
    known = [i for i, concept in enumerate(concepts.all) if concept.wnid in wordnet.synsets and i not in without]
    placement = Placement(encoder, wordnet, concepts, prototypes.numpy(), known)
    forbidden = {concepts.all[i].wnid for i in without}
    words = {f" {text.lower()} " for i in without for text in concepts.all[i].texts}
    words |= {f" {name.lower()} " for id in forbidden for name in wordnet.synsets[id].names}
    named = [(text, i) for i, concept in enumerate(concepts.all) if i not in without for text in concept.texts
             if not _mentions(text, words)]
    taken = {text.lower() for text, _ in named}
    ids = [id for id in sorted(wordnet.physical) if id not in forbidden]
    nouns = [(text, row) for row, id in enumerate(ids) for text in synset_texts(wordnet, wordnet.synsets[id])
             if text.lower() not in taken and not _mentions(text, words)]
    short = [(text, row) for text, row in nouns if len(text) <= SHORT]
    return Lessons(named, short, [(text, row) for text, row in nouns if len(text) > SHORT], torch.from_numpy(placement.synsets(ids)).float(),
                   F.normalize(prototypes, dim=-1), templates(setup.heads))


def _mentions(text: str, words: set[str]) -> bool:
    """Whether one of the words, blanks around it, stands in the text."""
    plain = " " + "".join(letter if letter.isalnum() else " " for letter in text.lower()) + " "
    return bool(words) and any(word in plain for word in words)


def train(tower: TextTower, tokenizer: Tokenizer, lessons: Lessons, minutes: float, peak: float, seed: int,
          checkpoint: Path) -> None:
    """AdamW for `minutes` of wall clock; the rate falls to zero with the time. Saves itself every 300 steps."""
    chance = random.Random(seed)
    optimiser = torch.optim.AdamW(tower.parameters(), lr=peak, weight_decay=0.01)
    begun, step, sums = time.time(), 0, [0.0, 0.0, 0.0]
    while (spent := (time.time() - begun) / (minutes * 60)) < 1:
        optimiser.param_groups[0]["lr"] = peak * min(1, (step + 1) / 100) * (1 - spent)
        some = [(chance.choice(lessons.templates).format(text), i) for text, i in chance.choices(lessons.named, k=BATCH)]
        if step % 4 == 3:
            others = chance.choices(lessons.long, k=BATCH // 2)
        else:
            others = [(text if chance.random() < 0.5 else chance.choice(lessons.templates).format(text), i)
                      for text, i in chance.choices(lessons.nouns, k=BATCH)]
        with torch.autocast("cpu", torch.bfloat16):
            named = tower(tokens(tokenizer, [text for text, _ in some])).float()
            nouns = tower(tokens(tokenizer, [text for text, _ in others])).float()
        concept = torch.tensor([i for _, i in some])
        parts = (
            5 * (1 - (named * lessons.prototypes[concept]).sum(-1)).mean(),
            5 * (1 - (nouns * lessons.places[[i for _, i in others]]).sum(-1)).mean(),
            F.cross_entropy(30 * named @ lessons.prototypes.T, concept),
        )
        optimiser.zero_grad(set_to_none=True)
        sum(parts).backward()
        torch.nn.utils.clip_grad_norm_(tower.parameters(), 1.0)
        optimiser.step()
        step += 1
        sums = [a + float(b.detach()) for a, b in zip(sums, parts, strict=True)]
        if step % 300 == 0:
            torch.save(tower.state_dict(), checkpoint)
        if step % 100 == 0:
            print(f"step {step}, {spent:.0%}: named {sums[0] / 500:.3f}, nouns {sums[1] / 500:.3f}, "
                  f"cross-entropy {sums[2] / 100:.3f}", flush=True)
            sums = [0.0, 0.0, 0.0]


def tokens(tokenizer: Tokenizer, texts: list[str]) -> torch.Tensor:
    """int64 [texts, longest], padded with the end token, as the product pads."""
    end = tokenizer.get_vocab_size() - 1
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    ids = [row if len(row) <= CONTEXT else [*row[: CONTEXT - 1], end] for row in ids]
    length = max(map(len, ids))
    return torch.tensor([row + [end] * (length - len(row)) for row in ids])


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--space", type=Path, help="joint space to learn: joint-space.pt (default) or an image-tower.pt")
    parser.add_argument("--without", type=Path, help="list of names not to learn, to measure words never seen")
    parser.add_argument("--checkpoint", type=Path, help="default: <cache>/text-tower.pt")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    setup = read_setup(options)
    encoder = SentenceEncoder(setup.cache)
    tokenizer = Tokenizer.from_file(str(setup.bundle / "tokenizer.json"))
    space = JointSpace(len(setup.concepts.all))
    stored = torch.load(options.space or setup.cache / "joint-space.pt", weights_only=True)
    space.load_state_dict(stored.get("space", stored))
    lessons = prepare(setup, encoder, space.prototypes.detach(), held_out_concepts(setup, options.without))
    print(f"{len(lessons.named)} names, {len(lessons.nouns)} + {len(lessons.long)} texts of {len(lessons.places)} synsets", flush=True)
    checkpoint = options.checkpoint or setup.cache / "text-tower.pt"
    tower = TextTower(tokenizer.get_vocab_size())
    if checkpoint.exists():
        tower.load_state_dict(torch.load(checkpoint, weights_only=True))
    else:
        begin_from_sentence_encoder(tower, tokenizer, encoder.bert, encoder.pieces)
    train(tower, tokenizer, lessons, options.minutes, options.rate, seed=int(time.time()) % 1000,
          checkpoint=checkpoint)
    torch.save(tower.state_dict(), checkpoint)


if __name__ == "__main__":
    main()
