"""How much of pictures' mean direction to take off texts (centre_texts.py): each share's effect on words that were left out, and on taught ones.

Left out: 80 of ImageNet's names that have pictures (none of held_out_names.txt), eight times; the joint map from sentence vectors is fitted on
the other names, and training pictures are asked about their own name and nine others of the 80. Taught: held-out pictures
among CIFAR-100's classes and among ImageNet's, by the prototypes.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from centre_texts import centred
from concepts import NONE
from evaluate import Bundle
from joint_space import JointSpace
from lessons import held_out_concepts
from linear_heads import LARGE, cats_and_dogs, choose_rows, embed
from sentence_encoder import SentenceEncoder
from sentence_targets import JointMap
from setup import HERE, Setup, arguments, read_setup

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
SPLITS, LEFT_OUT, DRAWS, LEAST = 8, 80, 5, 3
"""Splits; classes left out in each; draws of nine others; pictures that a class must have."""
RIDGE = 3.0


def ten_way(images: np.ndarray, texts: np.ndarray, truth: np.ndarray, chance: np.random.Generator) -> float:
    """Share of pictures that find their own text against nine others."""
    alike = images @ texts.T
    own, hits = alike[np.arange(len(truth)), truth], []
    for _ in range(DRAWS):
        others = np.stack([chance.choice(np.delete(np.arange(len(texts)), i), 9, replace=False) for i in truth])
        hits.append(own > np.take_along_axis(alike, others, 1).max(1))
    return float(np.mean(hits))


class LeftOut:
    """`ten_way(share)`: how often pictures of names that the joint map was fitted without find them."""

    def __init__(self, setup: Setup, images: torch.Tensor, classes: np.ndarray, prototypes: torch.Tensor, direction: torch.Tensor):
        self.images, self.classes, self.direction = images, classes, direction
        concepts, reserved = setup.concepts, held_out_concepts(setup, HERE / "held_out_names.txt")
        vectors = SentenceEncoder(setup.cache)([concept.texts[0].split(" (")[0] for concept in concepts.all])
        counts = np.bincount(classes[classes != NONE], minlength=1000)
        pool = [c for c in range(1000) if counts[c] >= LEAST and concepts.imagenet[c] not in reserved]
        self.splits = []
        for split in range(SPLITS):
            out = np.random.default_rng(split).choice(pool, LEFT_OUT, replace=False).tolist()
            places = [concepts.imagenet[c] for c in out]
            known = [i for i in range(len(concepts.all)) if i not in reserved and i not in places]
            joint_map = JointMap(vectors[known], prototypes[known].numpy(), RIDGE)
            self.splits.append((out, torch.from_numpy(joint_map(vectors[places])).float()))

    def ten_way(self, share: float) -> float:
        hits = []
        for out, texts in self.splits:
            some = np.flatnonzero(np.isin(self.classes, out))
            truth = np.array([out.index(c) for c in self.classes[some]])
            moved = F.normalize(centred(texts, self.direction, share), dim=-1)
            hits.append(ten_way(self.images[some].numpy(), moved.numpy(), truth, np.random.default_rng(9)))
        return float(np.mean(hits))


@torch.no_grad()
def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--image", type=Path, help="checkpoint of the bundle's image tower, not centred; default: <cache>/image-tower.pt")
    options = parser.parse_args()
    setup, side = read_setup(options), Bundle(options.bundle).side
    space = JointSpace(len(setup.concepts.all))
    space.load_state_dict(torch.load(options.image or setup.cache / "image-tower.pt", weights_only=True)["space"])
    sides = np.array([min(row.width, row.height) for row in setup.rows])
    parts = [choose_rows(setup, cats_and_dogs(setup)), np.flatnonzero(setup.held_out & (sides <= LARGE))]
    images, rows = torch.cat([embed(setup, side, part) for part in parts]), np.concatenate(parts)
    prototypes, targets = F.normalize(space.prototypes, dim=-1), setup.targets[rows]
    large = np.where(sides[rows] > LARGE, targets[:, 1], NONE)
    direction = F.normalize(images[large != NONE].mean(0), dim=-1)
    left_out = LeftOut(setup, images, large, prototypes, direction)
    for share in SHARES:
        logits, taught = images @ F.normalize(centred(prototypes, direction, share), dim=-1).T, []
        for name, places, column in (("CIFAR-100", setup.concepts.cifar100, 0), ("ImageNet", setup.concepts.imagenet, 1)):
            has = np.flatnonzero(setup.held_out[rows] & (targets[:, column] != NONE))
            hits = logits[has][:, places].argmax(-1).numpy() == targets[has, column]
            taught.append(f"{name} {hits.mean():.1%} of {len(has)}")
        print(f"{share:.0%}: left-out names, ten-way {left_out.ten_way(share):.1%}; {', '.join(taught)}", flush=True)


if __name__ == "__main__":
    main()
