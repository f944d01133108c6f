"""Texts beside pictures: names, synonyms, hypernyms and glosses of a concept in many templates, and a contrastive loss.

A text is the sentence encoder's vector (frozen, computed once) and a linear map into the joint space, the *joint map*, which is
learned here: it later says where sentences belong that name no concept. @see Zhai 2022, LiT, arXiv 2111.07991
"""

import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from joint_space import EMBEDDING
from sentence_encoder import SentenceEncoder
from setup import Setup
from texts import synset_texts, templates

SENTENCE = 384
EACH = 12
"""Templates a concept's names are put into."""


class Captions:
    """`draw(concepts)`: sentence vectors float32 [n, 384], a text of each, drawn anew."""

    def __init__(self, setup: Setup, encoder: SentenceEncoder):
        chance, known = random.Random(0), templates(setup.heads)
        texts, self.starts = [], [0]
        for concept in setup.concepts.all:
            texts += [template.format(name) for name in concept.texts for template in
                      chance.sample(known, -(-EACH // len(concept.texts)))]
            if concept.wnid in setup.wordnet.synsets:
                texts += synset_texts(setup.wordnet, setup.wordnet.synsets[concept.wnid])
            self.starts.append(len(texts))
        self.vectors = encoder(texts)
        self.chance = np.random.default_rng(0)

    def draw(self, concepts: np.ndarray) -> torch.Tensor:
        starts = np.asarray(self.starts)
        first, end = starts[concepts], starts[concepts + 1]
        return torch.from_numpy(self.vectors[first + (self.chance.random(len(concepts)) * (end - first)).astype(int)])


class JointMap(nn.Linear):
    """Sentence vectors [n, 384] → L2-normalised [n, 512]."""

    def __init__(self):
        super().__init__(SENTENCE, EMBEDDING)

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        return F.normalize(super().forward(vectors), dim=-1)


def contrastive(images: torch.Tensor, texts: torch.Tensor, scale: torch.Tensor, concepts: torch.Tensor,
                related: torch.Tensor) -> torch.Tensor:
    """Symmetric cross-entropy of pairs [n, 512]; pairs of the same or a related concept do not compete."""
    logits = scale * images @ texts.T
    alike = related[concepts][:, concepts] | (concepts[:, None] == concepts)
    alike.fill_diagonal_(False)
    logits = logits.masked_fill(alike, -1e4)
    own = torch.arange(len(logits))
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2
