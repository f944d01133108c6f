"""Chooses the bundle's `noneThreshold` on held-out training pictures, and writes it to bundle.json.

Through the exported towers, with CIFAR-100's labels: pictures of its classes against pictures of none of them. The
threshold is the cosine that 5 % of the former fall below; printed is how many of the latter do.
"""

import json

import numpy as np

from concepts import NONE, prompts_of, read_head
from evaluate import Bundle
from export import write_json
from joint_space import related_concepts
from pictures import unpack
from pixels import centre_square, to_input
from setup import arguments, read_setup

SHARE, COUNT = 0.05, 1000


def main() -> None:
    options = arguments(__doc__).parse_args()
    setup = read_setup(options)
    bundle, pictures = Bundle(options.bundle), unpack(options.data, setup.cache)
    import torch

    head = read_head(setup.heads, "cifar100")
    labels = bundle.labels([prompts_of(label) for label in head["labels"]], head["templates"])
    related = related_concepts(setup.concepts, setup.wordnet, setup.targets)[:, setup.concepts.cifar100].any(1).numpy()
    rows = np.flatnonzero(setup.held_out & (np.minimum(pictures.widths, pictures.heights) > 60))
    inside = rows[setup.targets[rows, 0] != NONE][:COUNT]
    label = setup.targets[rows, 2]
    outside = rows[(setup.targets[rows, 0] == NONE) & ~related[label] & ~np.isin(label, setup.concepts.cifar100)][:COUNT]
    best = []
    for some in (inside, outside):
        parts = []
        for at in range(0, len(some), 50):
            squares = [torch.from_numpy(centre_square(pictures[i]).copy())[None] for i in some[at : at + 50]]
            pixels = torch.cat([to_input(square, bundle.side) for square in squares]).contiguous().numpy()
            parts.append((bundle.vision.run(None, {"pixel_values": pixels})[0] @ labels.T).max(1))
        best.append(np.concatenate(parts))
    threshold = float(np.quantile(best[0], SHARE))
    print(f"{len(inside)} pictures of its classes, {len(outside)} of others: below {threshold:.3f} fall "
          f"{(best[0] < threshold).mean():.1%} and {(best[1] < threshold).mean():.1%}")
    path = options.bundle / "bundle.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, {**manifest, "noneThreshold": round(threshold, 4)})


if __name__ == "__main__":
    main()
