"""How well nouns without pictures are placed: leave-one-out over the known concepts, for several settings.

A concept's own prototype stands for its pictures; it must be nearer to its left-out placement than to those of nine
others (chance 10 %).
"""

import numpy as np
import torch

import sentence_targets
from sentence_encoder import SentenceEncoder
from sentence_targets import Placement
from setup import arguments, read_setup

SETTINGS = [(1, 1, 1), (1, 1, 0), (1, 0, 0), (0.5, 1, 2), (1, 1, 3), (0.3, 0.3, 1), (1, 2, 2)]


def main() -> None:
    setup = read_setup(arguments(__doc__).parse_args())
    prototypes = torch.load(setup.cache / "joint-space.pt", weights_only=True)["prototypes"].numpy()
    encoder = SentenceEncoder(setup.cache)
    known = [i for i, concept in enumerate(setup.concepts.all) if concept.wnid in setup.wordnet.synsets]
    chance = np.random.default_rng(0)
    others = np.stack([chance.choice(len(known), 9) for _ in range(10 * len(known))])
    for weights in SETTINGS:
        for ridge in (0.1, 0.3, 1.0):
            sentence_targets.WEIGHTS = dict(zip(("name", "gloss", "tree"), weights, strict=True))
            sentence_targets.RIDGE = ridge
            placement = Placement(encoder, setup.wordnet, setup.concepts, prototypes, known)
            alike = placement.targets @ placement.left_out.T
            rows = np.tile(np.arange(len(known)), 10)
            hits = (alike[rows, rows][:, None] > alike[rows[:, None], others]).all(1)
            print(f"name, gloss, tree {weights}, ridge {ridge}: {hits.mean():.1%}", flush=True)


if __name__ == "__main__":
    main()
