"""Chooses when nothing fits, head by head, on held-out training pictures, and writes it to bundle.json.

Through the exported towers: a head's threshold is the cosine that 5 % of its right answers fall below, and no less than
80 % of the pictures that show nothing do: plain colours, slopes, stripes, noise. The best of a thousand labels lies
higher than the best of a hundred, so each head has its own: `noneThreshold` is CIFAR-100's and serves labels of one's own
as well, `noneThresholds` are those of the other heads. Printed is who falls below. A linear head has its own in its file (linear_heads.py).
"""

import json

import numpy as np
import torch

from concepts import NONE, prompts_of, read_head
from evaluate import Bundle
from export import write_json
from joint_space import related_concepts
from pictures import unpack
from pixels import centre_square, to_input
from setup import Setup, arguments, read_setup

SHARE, EMPTY_SHARE, COUNT, ENOUGH = 0.05, 0.8, 1500, 30
HEADS = ("cifar100", "imagenet1k", "dog-breeds", "cat-dog")
CATS, DOGS = range(281, 286), range(151, 269)
"""ImageNet's classes of domestic cats and of dogs."""


def classes_of(setup: Setup, head: dict) -> np.ndarray:
    """int64 [rows]: the head's class of each training picture, or NONE."""
    if head["id"] == "cifar100":
        return setup.targets[:, 0]
    place = np.full(len(setup.concepts.imagenet) + 1, NONE)
    if head["id"] == "cat-dog":
        place[list(CATS)], place[list(DOGS)] = 0, 1
    else:
        names = [label["label"].lower() for label in read_head(setup.heads, "imagenet1k")["labels"]]
        for index, label in enumerate(head["labels"]):
            if label["label"].lower() in names:
                place[names.index(label["label"].lower())] = index
    return place[setup.targets[:, 1]]


def empty_pictures(side: int, seed: int = 5) -> np.ndarray:
    """uint8 [200, side, side, 3]: plain colours, then slopes, stripes and noise of random colours."""
    random = np.random.default_rng(seed)
    y, x = np.indices((side, side)) / side
    shapes = [
        *[np.zeros((side, side))] * 120,
        *[(x * np.cos(a) + y * np.sin(a)) for a in random.uniform(0, 6.3, 40)],
        *[(x * np.cos(a) + y * np.sin(a)) * n % 2 > 1 for a, n in zip(random.uniform(0, 6.3, 20), random.uniform(4, 40, 20))],
        *random.random((20, side, side)),
    ]
    ends = random.uniform(0, 255, (len(shapes), 2, 3))
    ends[0], ends[1] = 0, 255  # black and white among the plain ones
    return np.stack([start + np.clip(shape, 0, 1)[..., None] * (end - start) for shape, (start, end) in zip(shapes, ends)]
                    ).astype(np.uint8)


def embed(bundle: Bundle, squares: list[np.ndarray]) -> np.ndarray:
    """float32 [squares, 512] of uint8 [edge, edge, 3], each of its own size."""
    parts = []
    for at in range(0, len(squares), 50):
        tensors = [torch.from_numpy(square.copy())[None] for square in squares[at : at + 50]]
        pixels = torch.cat([to_input(square, bundle.side) for square in tensors]).contiguous().numpy()
        parts.append(bundle.vision.run(None, {"pixel_values": pixels})[0])
    return np.concatenate(parts)


class Judges:
    """Embeddings of held-out training pictures and of pictures of nothing, by which a threshold is chosen."""

    def __init__(self, setup: Setup, bundle: Bundle):
        pictures = unpack(setup.data, setup.cache)
        self.setup = setup
        self.rows = np.flatnonzero(setup.held_out & (np.minimum(pictures.widths, pictures.heights) > 60))[:COUNT]
        self.images = embed(bundle, [centre_square(pictures[row]) for row in self.rows])
        self.empty = embed(bundle, list(empty_pictures(bundle.side)))
        self.related = related_concepts(setup.concepts, setup.wordnet, setup.targets)

    def threshold(self, head: dict, weights: np.ndarray) -> float | None:
        """Of a head with these rows, float32 [labels, 512] of length 1; None where too few pictures tell. Prints who falls below."""
        similarities, nothing = self.images @ weights.T, (self.empty @ weights.T).max(1)
        classes, best, labels = classes_of(self.setup, head), similarities.max(1), self.setup.targets[self.rows, 2]
        right = best[similarities.argmax(1) == classes[self.rows]]
        own = np.unique(self.setup.targets[classes != NONE, 2])
        related = self.related[:, own].any(1).numpy()
        outside = best[(classes[self.rows] == NONE) & ~related[labels] & ~np.isin(labels, own)]
        if len(right) < ENOUGH:
            print(f"{head['id']}: only {len(right)} right answers")
            return None
        chosen = round(float(max(np.quantile(right, SHARE), np.quantile(nothing, EMPTY_SHARE))), 4)
        below = {"right": right, "others": outside, "empty": nothing}
        shares = ", ".join(f"{(some < chosen).mean():.1%} of {len(some)} {name}" for name, some in below.items())
        print(f"{head['id']}: below {chosen:.3f} fall {shares}")
        return chosen


def main() -> None:
    options = arguments(__doc__).parse_args()
    setup = read_setup(options)
    bundle = Bundle(options.bundle)
    judges, chosen = Judges(setup, bundle), {}
    for id in HEADS:
        head = read_head(setup.heads, id)
        threshold = judges.threshold(head, bundle.labels([prompts_of(label) for label in head["labels"]], head["templates"]))
        if threshold is not None:
            chosen[id] = threshold
    path = options.bundle / "bundle.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    thresholds = {"noneThreshold": chosen.pop("cifar100"), "noneThresholds": chosen}
    write_json(path, {**manifest, **thresholds})


if __name__ == "__main__":
    main()
