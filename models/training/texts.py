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


ADJECTIVES = (
    "black", "white", "red", "blue", "green", "yellow", "brown", "grey", "pink", "orange", "small", "little", "big", "large", "huge", "old",
    "new", "young", "wooden", "metal", "plastic", "shiny", "dirty", "clean", "wet", "broken", "beautiful", "cute", "wild", "fat", "round",
)
DOINGS = (
    "sleeping", "sitting", "standing", "lying", "running", "walking", "playing", "jumping", "waiting", "hiding", "eating", "resting",
    "hanging", "left", "placed", "parked", "found", "seen",
)
BESIDE = ("on", "in", "near", "under", "behind", "next to", "in front of", "beside", "with", "and", "on top of", "by")
WHERE = ("in the grass", "in the snow", "on the street", "in a kitchen", "on a table", "at the beach", "in the water", "at night",
         "in the sun", "outdoors", "indoors", "in a garden", "on the floor", "in my hand", "in the sky", "in the forest")


def scene(first: str, second: str, chance: random.Random) -> tuple[str, bool]:
    """A short sentence about one or two things, and whether the second is in it."""
    doing, beside, where = chance.choice(DOINGS), chance.choice(BESIDE), chance.choice(WHERE)
    adjective = chance.choice(ADJECTIVES)
    patterns = (
        (f"a {adjective} {first}", False), (f"a photo of a {adjective} {first}", False), (f"{adjective} {first}", False),
        (f"a {first} {where}", False), (f"a {first} {doing} {where}", False), (f"a {adjective} {first} {doing} {where}", False),
        (f"a {first} {beside} a {second}", True), (f"a photo of a {first} and a {second}", True), (f"{first} and {second}", True),
        (f"a {first} {doing} {beside} a {second}", True), (f"a {first} is {doing} {beside} the {second}", True),
        (f"a {adjective} {first} {beside} a {second}", True), (f"the {first} {beside} the {second} {where}", True),
    )
    return chance.choice(patterns)


def corpus(wordnet: WordNet, concepts: Concepts, heads: Path) -> list[str]:
    """What the vocabulary is learned from."""
    chance = random.Random(0)
    names = [name for concept in concepts.all for name in concept.texts]
    labels = [template.format(name) for name in names for template in chance.sample(templates(heads), 12)]
    nouns = [text for synset in wordnet.synsets.values() for text in synset_texts(wordnet, synset)]
    return labels + nouns
