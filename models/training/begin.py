"""Fits the joint space on the teacher's features: where the image tower and the text tower start."""

import numpy as np
import torch

from backbone import load_pretrained
from concepts import NONE
from joint_space import EMBEDDING, JointSpace, Losses, fit_joint_space, related_concepts
from setup import Setup, arguments, read_setup
from teacher_features import open_features
from virtual_features import VirtualFeatures


def main() -> None:
    setup = read_setup(arguments(__doc__).parse_args())
    space = fit(setup)
    torch.save(space.state_dict(), setup.cache / "joint-space.pt")
    features, done = open_features(setup.cache, len(setup.rows))
    held_out = np.flatnonzero((done == 1) & setup.held_out)
    report(space, torch.from_numpy(features[held_out]), setup.targets[held_out], setup.concepts)


def fit(setup: Setup, embedding: int = EMBEDDING) -> JointSpace:
    """On the features of all training pictures that are done."""
    features, done = open_features(setup.cache, len(setup.rows))
    rows = np.flatnonzero((done == 1) & ~setup.held_out)
    sides = np.array([min(row.width, row.height) for row in setup.rows])
    classifier = load_pretrained(0)[1]
    losses = Losses(setup.concepts, related_concepts(setup.concepts, setup.wordnet, setup.targets), setup.targets)
    return fit_joint_space(torch.from_numpy(features[rows]), torch.from_numpy(setup.targets[rows]),
                           torch.from_numpy((sides[rows] > 60).astype(np.float32)), classifier, losses,
                           setup.concepts, VirtualFeatures(setup, classifier), embedding=embedding)


@torch.no_grad()
def report(space, features, targets, concepts) -> None:
    """Top-1 on held-out pictures, with the prototypes as classifiers."""
    logits = space.logits(space.embed(features.float()))
    for name, places, column in (("cifar100", concepts.cifar100, 0), ("imagenet", concepts.imagenet, 1)):
        has = targets[:, column] != NONE
        hits = logits[:, torch.tensor(places)].argmax(-1).numpy()[has] == targets[has, column]
        print(f"held out, {name}: {hits.mean():.3f} of {has.sum()}")


if __name__ == "__main__":
    main()
