"""The sentences that the text tower learns from: names in templates, glosses, hypernyms."""

import random
from pathlib import Path

from concepts import Concepts, read_head
from wordnet import Synset, WordNet

HEADS = ("cifar100", "imagenet1k", "cat-dog", "dog-breeds")

MORE_TEMPLATES = (
    "{}", "a {}", "the {}", "an image of a {}", "a photo of the {}", "a photo of many {}", "a photo of my {}",
    "a photo of a small {}", "a photo of a large {}", "a good photo of a {}", "a bad photo of a {}",
    "a black and white photo of a {}", "a low resolution photo of a {}", "a photo of a {} in the wild", "{}, a photo",
    "this is a {}", "there is a {} in the picture", "a {} on a white background", "one {}", "a drawing of a {}",
)
"""Beside those of the heads: what people write into the template field."""


def templates(heads: Path) -> list[str]:
    """Every template of the product's heads, and more."""
    own = [template for head in HEADS for template in read_head(heads, head)["templates"]]
    return list(dict.fromkeys([*own, *MORE_TEMPLATES]))


def synset_texts(wordnet: WordNet, synset: Synset) -> list[str]:
    """A synset in words: each name, name with parent, name with gloss."""
    parents = [wordnet.synsets[id].names[0] for id in synset.hypernyms[:1]]
    texts = list(synset.names)
    texts += [f"{synset.names[0]}, a kind of {parent}" for parent in parents]
    texts.append(f"{synset.names[0]}: {synset.gloss}"[:160])
    return texts


def corpus(wordnet: WordNet, concepts: Concepts, heads: Path) -> list[str]:
    """What the vocabulary is learned from."""
    chance = random.Random(0)
    names = [name for concept in concepts.all for name in concept.texts]
    labels = [template.format(name) for name in names for template in chance.sample(templates(heads), 12)]
    nouns = [text for synset in wordnet.synsets.values() for text in synset_texts(wordnet, synset)]
    return labels + nouns
