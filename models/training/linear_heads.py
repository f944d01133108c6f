"""The bundle's linear head, `imagenet1k`: halfway between its prompts and what the backbone's own classifier says.

Mosaics (mosaics.py) go through the untouched backbone, whose classifier gives 1,000 logits each, and through the bundle. Ridge
regression fits W·x + b from one to the other, drawn to the classifier as it looks through the tower's last map P: C·P⁺.
Rows then become directions as prompts are: b goes along the mean embedding, what all rows share is taken off, lengths become 1. The
mean of both rows, again of length 1, is the head: of two that do well, the middle does better. @see Wortsman 2022, arXiv 2109.01903

Printed is how often each agrees with the classifier on mosaics kept apart, and how often it names held-out training pictures. No picture's label is learned from.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from backbone import empty_backbone
from choose_threshold import Judges, embed
from concepts import NONE, prompts_of, read_head
from evaluate import Bundle
from head_file import LinearHead, write_head
from image_tower import SIDE, ImageTower
from mosaics import MosaicKeeper, draw_mosaics
from pictures import unpack
from pixels import centre_square, to_input
from recover import only, stored_weights
from setup import Setup, arguments, read_setup

HEAD = "imagenet1k"
KEPT_APART, CHUNK = 1000, 25
"""Mosaics to judge by; mosaics at a time."""
RIDGE = 1.0


@torch.no_grad()
def mosaic_pairs(setup: Setup, tower: ImageTower, untouched: MosaicKeeper, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The tower's last map of mosaics, [count, 512] not yet brought to length 1, and the classifier's logits, [count, 1000]."""
    pictures, chance = unpack(setup.data, setup.cache), np.random.default_rng(4)
    usable = np.flatnonzero(~setup.held_out & (np.minimum(pictures.widths, pictures.heights) > 60))
    ours, logits = [], []
    for at in range(0, count, CHUNK):
        pixels = to_input(torch.from_numpy(draw_mosaics(pictures, usable, CHUNK, chance)), SIDE)
        with torch.autocast("cpu", torch.bfloat16):
            features = tower.backbone(pixels).float()
        ours.append(tower.project(features))
        logits.append(untouched.classifier(untouched.features(pixels)))
        print(f"mosaics: {at + CHUNK} of {count}", end="\r", flush=True)
    print()
    return torch.cat(ours), torch.cat(logits)


@torch.no_grad()
def seen_through(classifier: nn.Linear, project: nn.Linear, lengths: torch.Tensor) -> torch.Tensor:
    """[1000, 513]: the classifier's rows and bias for embeddings, which have lost their `lengths`."""
    rows = classifier.weight @ torch.linalg.pinv(project.weight)
    return torch.cat([rows * lengths, (classifier.bias - rows @ project.bias)[:, None]], 1)


def fit(x: torch.Tensor, logits: torch.Tensor, prior: torch.Tensor) -> torch.Tensor:
    """[1000, 513]: ridge regression of logits on embeddings and 1, drawn to `prior`."""
    ones = torch.cat([x, torch.ones(len(x), 1)], 1).double()
    gram = ones.T @ ones + RIDGE * torch.eye(ones.shape[1], dtype=torch.float64)
    return prior + torch.linalg.solve(gram, ones.T @ (logits.double() - ones @ prior.double().T)).T.float()


def directions(fitted: torch.Tensor, mean: torch.Tensor) -> torch.Tensor:
    """[1000, 512] of length 1, for embeddings about `mean` [512]."""
    centred = fitted - fitted.mean(0)
    return F.normalize(centred[:, :-1] + centred[:, -1:] * (mean / mean.square().sum()), dim=-1)


@torch.no_grad()
def held_out(setup: Setup, bundle: Bundle) -> tuple[torch.Tensor, torch.Tensor]:
    """Embeddings and ImageNet classes of training pictures that were kept apart."""
    pictures, rows = unpack(setup.data, setup.cache), np.flatnonzero(setup.held_out & (setup.targets[:, 1] != NONE))
    return torch.from_numpy(embed(bundle, [centre_square(pictures[row]) for row in rows])), torch.from_numpy(setup.targets[rows, 1])


@torch.no_grad()
def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--mosaics", type=int, default=10_000, help="to fit on")
    options = parser.parse_args()
    setup = read_setup(options)
    bundle, definition = Bundle(setup.bundle), read_head(setup.heads, HEAD)
    tower = only(ImageTower(empty_backbone()), stored_weights(setup.bundle / "onnx" / "vision_model.onnx"))
    tower.eval().to(memory_format=torch.channels_last)
    untouched = MosaicKeeper(setup.concepts.imagenet)
    mapped, logits = mosaic_pairs(setup, tower, untouched, options.mosaics + KEPT_APART)
    x, lengths = F.normalize(mapped, dim=-1), mapped.norm(dim=-1).mean()
    fitted = fit(x[KEPT_APART:], logits[KEPT_APART:], seen_through(untouched.classifier, tower.project, lengths))
    prompts = torch.from_numpy(bundle.labels([prompts_of(label) for label in definition["labels"]], definition["templates"]))
    learned = directions(fitted, x[KEPT_APART:].mean(0))
    middle = F.normalize(prompts + learned, dim=-1)
    pictures, classes = held_out(setup, bundle)
    for name, rows in (("prompts", prompts), ("classifier", learned), ("the middle", middle)):
        agrees = (x[:KEPT_APART] @ rows.T).argmax(-1) == logits[:KEPT_APART].argmax(-1)
        right = (pictures @ rows.T).argmax(-1) == classes
        print(f"{name}: agrees on {agrees.float().mean():.1%} of {len(agrees)} mosaics, "
              f"names {right.float().mean():.1%} of {len(right)} held-out pictures")
    threshold = Judges(setup, bundle).threshold(definition, middle.numpy())
    scale = json.loads((setup.bundle / "bundle.json").read_text(encoding="utf-8"))["logitScale"]
    labels = [label["label"] for label in definition["labels"]]
    write_head(setup.bundle, LinearHead(HEAD, definition["title"], labels, middle.numpy(), scale, threshold))


if __name__ == "__main__":
    main()
