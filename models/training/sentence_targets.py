"""Where texts without pictures belong in the joint space.

Nouns: kernel ridge regression from the named concepts. Two nouns are alike as far as the sentence encoder finds their names alike,
and their glosses, and as far as they share hypernyms in WordNet (rare ones count more). From the prototypes of the
concepts of known synset this places every physical noun. Any other text: a linear map of its sentence vector, fitted on
the names of concepts and of placed nouns.
"""

import math
from collections import Counter

import numpy as np

from concepts import Concepts
from sentence_encoder import SentenceEncoder
from wordnet import WordNet

RIDGE = 1.0
WEIGHTS = {"name": 0.3, "gloss": 0.3, "tree": 1.0}
"""Chosen among 21 settings by leave-one-out ten-way choice (`choose_placement.py`)."""


class Placement:
    """Regression on the concepts `known`: indices of concepts whose prototype may be used."""

    def __init__(self, encoder: SentenceEncoder, wordnet: WordNet, concepts: Concepts, prototypes: np.ndarray,
                 known: list[int]):
        self.encoder, self.wordnet = encoder, wordnet
        ids = [concepts.all[i].wnid for i in known]
        targets = _unit(prototypes[known])
        self.mean = targets.mean(0)
        counts = Counter(ancestor for id in wordnet.physical for ancestor in wordnet.ancestors(id))
        self.rarity = {id: math.log(len(wordnet.physical) / count) for id, count in counts.items()}
        self.columns = {id: column for column, id in enumerate({a for id in ids for a in wordnet.ancestors(id)})}
        self.names = [concepts.all[i].texts[0] for i in known]
        self.by_synset = self._parts(ids, self.names)
        gram = sum(WEIGHTS[part] * rows @ rows.T for part, rows in self.by_synset.items())
        self.solved = np.linalg.solve(gram + RIDGE * np.eye(len(known)), targets - self.mean)
        inverse = np.linalg.inv(gram + RIDGE * np.eye(len(known)))
        self.left_out = _unit(self.mean + (targets - self.mean) - self.solved / np.diag(inverse)[:, None])
        self.targets = targets

    def synsets(self, ids: list[str]) -> np.ndarray:
        """Unit vectors [ids, 512] of synsets."""
        parts = self._parts(ids, [self.wordnet.synsets[id].names[0] for id in ids])
        kernel = sum(WEIGHTS[part] * parts[part] @ rows.T for part, rows in self.by_synset.items())
        return _unit(self.mean + kernel @ self.solved)

    def _parts(self, ids: list[str], names: list[str]) -> dict[str, np.ndarray]:
        tree = np.zeros((len(ids), len(self.columns)), np.float32)
        for row, id in enumerate(ids):
            for ancestor in self.wordnet.ancestors(id):
                if ancestor in self.columns:
                    tree[row, self.columns[ancestor]] = math.sqrt(self.rarity.get(ancestor, 0.0))
        glosses = [f"{name}: {self.wordnet.synsets[id].gloss}"[:160] for id, name in zip(
            ids, [self.wordnet.synsets[id].names[0] for id in ids], strict=True)]
        return {"name": self.encoder(names), "gloss": self.encoder(glosses), "tree": _unit(tree)}


class JointMap:
    """Sentence vectors [n, 384] → unit vectors [n, 512]: ridge regression on texts whose place is known."""

    def __init__(self, vectors: np.ndarray, places: np.ndarray, ridge: float = 30.0):
        self.mean = places.mean(0)
        self.map = np.linalg.solve(vectors.T @ vectors + ridge * np.eye(vectors.shape[1]), vectors.T @ (places - self.mean))

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        return _unit(self.mean + vectors @ self.map)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)
