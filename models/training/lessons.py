"""What the text tower learns: texts and where they belong in the joint space.

Named: every name of a concept belongs to its prototype. Nouns: WordNet's physical nouns, in names, synonyms, parents and glosses,
where `Placement` puts them. Scenes: short sentences about one or two of these belong between the things that they
name and where the sentence encoder and the joint map put the whole. Examples: WordNet's own sentences, by the joint map alone.
"""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from sentence_encoder import SentenceEncoder
from sentence_targets import JointMap, Placement
from setup import Setup
from texts import scene, synset_texts, templates

SHORT = 48
"""Characters; longer texts (glosses) come in batches of their own, since a batch is as long as its longest."""

SCENES, SECOND, WHOLE = 40_000, 0.8, 0.6
"""How many sentences are made; weight of the second thing and of the whole beside the first thing's 1."""

NAMES = 5
"""How often a concept's name counts against a noun's when the joint map is fitted."""


@dataclass(frozen=True)
class Lessons:
    """`named`: (text, concept); `short` and `long`: (text, row of `places` [rows, 512]); `prototypes` [concepts, 512]."""

    named: list[tuple[str, int]]
    short: list[tuple[str, int]]
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
    """All texts and their places; nothing of the concepts in `without`, nor of their synsets, nor a text with their names."""
    concepts, wordnet = setup.concepts, setup.wordnet
    prototypes = F.normalize(prototypes, dim=-1)
    known = [i for i, concept in enumerate(concepts.all) if concept.wnid in wordnet.synsets and i not in without]
    forbidden = {concepts.all[i].wnid for i in without}
    words = {f" {text.lower()} " for i in without for text in concepts.all[i].texts}
    words |= {f" {name.lower()} " for id in forbidden for name in wordnet.synsets[id].names}
    named = [(text, i) for i, concept in enumerate(concepts.all) if i not in without for text in concept.texts
             if not _mentions(text, words)]
    taken = {text.lower() for text, _ in named}
    ids = [id for id in sorted(wordnet.physical) if id not in forbidden]
    places = Placement(encoder, wordnet, concepts, prototypes.numpy(), known).synsets(ids).astype(np.float32)
    row_of = {id: row for row, id in enumerate(ids)}
    for i in known:
        if concepts.all[i].wnid in row_of:
            places[row_of[concepts.all[i].wnid]] = prototypes[i]
    nouns = [(text, row) for row, id in enumerate(ids) for text in synset_texts(wordnet, wordnet.synsets[id])
             if text.lower() not in taken and not _mentions(text, words)]
    names = [text for text, _ in named]
    joint_map = JointMap(encoder([text for text, _ in nouns] + NAMES * names),
                         np.concatenate([places[[row for _, row in nouns]], np.tile(prototypes[[i for _, i in named]].numpy(), (NAMES, 1))]))
    more, more_places = _sentences(setup, encoder, joint_map, words, named, prototypes.numpy(), nouns, places)
    texts = nouns + [(text, len(places) + row) for row, text in enumerate(more)]
    return Lessons(named, [(text, row) for text, row in texts if len(text) <= SHORT],
                   [(text, row) for text, row in texts if len(text) > SHORT],
                   torch.from_numpy(np.concatenate([places, more_places])).float(), prototypes, templates(setup.heads))


def _sentences(setup: Setup, encoder: SentenceEncoder, joint_map: JointMap, words: set[str], named: list[tuple[str, int]],
               prototypes: np.ndarray, nouns: list[tuple[str, int]], places: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Scenes and WordNet's examples, with their places."""
    chance = random.Random(0)
    simple = [(text, places[row]) for text, row in nouns if " " not in text]
    things = [(text, prototypes[i]) for text, i in named]
    texts, anchors = [], []
    for _ in range(SCENES):
        (first, place), (second, other) = (chance.choice(things if chance.random() < 0.75 else simple) for _ in range(2))
        text, has_second = scene(first, second, chance)
        if not _mentions(text, words):
            texts.append(text)
            anchors.append(place + SECOND * other if has_second else place)
    examples = [text for id in setup.wordnet.physical for text in setup.wordnet.synsets[id].examples if not _mentions(text, words)]
    anchors += [np.zeros(prototypes.shape[1], np.float32)] * len(examples)
    whole = joint_map(encoder(texts + examples))
    mixed = np.stack(anchors) + WHOLE * whole
    return texts + examples, mixed / np.linalg.norm(mixed, axis=1, keepdims=True)


def _mentions(text: str, words: set[str]) -> bool:
    """Whether one of the words, blanks around it, stands in the text."""
    if not words:
        return False
    plain = " " + "".join(letter if letter.isalnum() else " " for letter in text.lower()) + " "
    return any(word in plain for word in words)
