"""Features of pictures that we do not have: for all of ImageNet's 1,000 classes, from the classifier's rows.

Fewer than 400 classes have training pictures; without the others the fine-tuned space would forget them. A class's centre is
its pictures' mean feature, or where it has too few: mean + α·C·w + ridge correction, with the classifier's row w and the
features' covariance C (the direction in which a picture's features move when its logit rises), both fitted on the
classes that have pictures. A virtual picture is a centre plus what a real picture of some other class differs by from its own centre.

Measured on 60 left-out classes: cosine 0.74 with their true mean, and the classifier names every one of them
(`python virtual_features.py`).
"""

import numpy as np
import torch
from torch import nn

from concepts import NONE
from setup import Setup, arguments, read_setup
from teacher_features import open_features

ENOUGH, RIDGE, SAMPLE = 30, 3.0, 12_000


class VirtualFeatures:
    """`draw(n)` → float32 [n, 1280] and the ImageNet class of each."""

    def __init__(self, setup: Setup, classifier: nn.Linear, without: frozenset[int] = frozenset()):
        features, done = open_features(setup.cache, len(setup.rows))
        classes = setup.targets[:, 1]
        chance = np.random.default_rng(0)
        some = np.sort(chance.permutation(np.flatnonzero(done))[:SAMPLE])
        sample = np.asarray(features[some], np.float32)
        mean, covariance = sample.mean(0), np.cov(sample.T).astype(np.float32)
        rows = classifier.weight.detach().numpy()
        rows = rows - rows.mean(0)
        members = [np.flatnonzero((classes == c) & (done == 1) & ~setup.held_out)[:150] for c in range(1000)]
        known = [c for c in range(1000) if len(members[c]) >= ENOUGH and c not in without]
        centres = np.stack([np.asarray(features[members[c]], np.float32).mean(0) for c in known]) - mean
        along = rows @ covariance
        factor = (centres * along[known]).sum() / (along[known] ** 2).sum()
        gram = rows[known] @ rows[known].T + RIDGE * np.eye(len(known))
        guessed = factor * along + rows @ rows[known].T @ np.linalg.solve(gram, centres - factor * along[known])
        guessed *= np.linalg.norm(centres, axis=1).mean() / np.linalg.norm(guessed, axis=1).mean()
        self.guessed = (mean + guessed).astype(np.float32)
        self.centres = self.guessed.copy()
        self.centres[known] = mean + centres
        typical = (classes[some] != NONE) & np.isin(classes[some], known)
        self.rest = sample[typical] - self.centres[classes[some][typical]]
        self.chance = chance

    def draw(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        chosen = self.chance.integers(0, 1000, count)
        rest = self.rest[self.chance.integers(0, len(self.rest), count)]
        return torch.from_numpy(np.maximum(self.centres[chosen] + rest, 0)), torch.from_numpy(chosen)


def main() -> None:
    from backbone import load_pretrained

    setup = read_setup(arguments(__doc__).parse_args())
    classifier = load_pretrained(0)[1]
    counts = np.bincount(setup.targets[setup.targets[:, 1] != NONE, 1], minlength=1000)
    left_out = np.random.default_rng(1).permutation(np.flatnonzero(counts >= ENOUGH))[:60]
    true = VirtualFeatures(setup, classifier).centres[left_out]
    virtual = VirtualFeatures(setup, classifier, frozenset(left_out.tolist()))
    centre = virtual.centres.mean(0)
    a, b = virtual.guessed[left_out] - centre, true - centre
    cosine = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    named = classifier(torch.from_numpy(virtual.guessed[left_out]).clamp(min=0)).argmax(-1).numpy() == left_out
    print(f"{len(left_out)} classes left out: cosine {cosine.mean():.2f}, named rightly {named.mean():.0%}")


if __name__ == "__main__":
    main()
