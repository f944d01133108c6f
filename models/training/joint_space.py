"""The joint space on frozen features: a projection of the 1,280 features and one prototype a concept.

Start of everything else: the image tower begins with this projection, the text tower learns to answer with these
prototypes. Loss of a picture: cross-entropy among CIFAR-100's classes, among ImageNet's, and among all concepts (related
ones left out), and the backbone's own 1,000-way answer by Kullback-Leibler divergence and by correlation, which also
place the classes of which there is no picture at all.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from backbone import FEATURES
from concepts import NONE, Concepts
from virtual_features import VirtualFeatures
from wordnet import WordNet

EMBEDDING = 512
"""Room for the principal directions of the 1,000 classifier rows."""

ORDER = 5.0
"""Weight of the correlation with the teacher's 1,000 logits."""


class JointSpace(nn.Module):
    """`project`: features → embedding; `prototypes`: a direction a concept; `scale`: softmax(scale · cosine)."""

    def __init__(self, concepts: int, embedding: int = EMBEDDING):
        super().__init__()
        self.project = nn.Linear(FEATURES, embedding)
        self.prototypes = nn.Parameter(torch.randn(concepts, embedding) * 0.02)
        self.log_scale = nn.Parameter(torch.tensor(math.log(20.0)))

    def embed(self, features: torch.Tensor) -> torch.Tensor:
        """[batch, 1280] → L2-normalised [batch, 512]."""
        return F.normalize(self.project(features), dim=-1)

    def logits(self, embeddings: torch.Tensor) -> torch.Tensor:
        """[batch, 512] → [batch, concepts]."""
        return self.log_scale.exp().clamp(max=100) * embeddings @ F.normalize(self.prototypes, dim=-1).T


class Losses:
    """The parts of a picture's loss, given its logits over all concepts.

    A label only competes with concepts that have pictures; how the others compare, teacher and virtual pictures say.
    """

    def __init__(self, concepts: Concepts, related: torch.Tensor, targets: np.ndarray):
        self.cifar100 = torch.tensor(concepts.cifar100)
        self.imagenet = torch.tensor(concepts.imagenet)
        pictured = torch.zeros(len(concepts.all), dtype=torch.bool)
        pictured[torch.from_numpy(targets[:, 2])] = True
        pictured[self.cifar100] = True
        classes = targets[targets[:, 1] != NONE, 1]
        self.without_pictures = torch.ones(1000, dtype=torch.bool)
        self.without_pictures[torch.from_numpy(classes)] = False
        self.related = related | ~pictured

    def __call__(self, logits: torch.Tensor, targets: torch.Tensor, teacher: torch.Tensor | None,
                 sure: torch.Tensor | None) -> dict[str, torch.Tensor]:
        """targets [batch, 3]; teacher: its 1,000 logits, or None; sure [batch]: where they count."""
        among_all = logits.masked_fill(self.related[targets[:, 2]], -1e4)
        parts = {
            "cifar100": _cross_entropy(logits[:, self.cifar100], targets[:, 0]),
            "imagenet": _cross_entropy(logits[:, self.imagenet].masked_fill(self.without_pictures, -1e4), targets[:, 1]),
            "all": 0.3 * F.cross_entropy(among_all, targets[:, 2]),
        }
        if teacher is not None:
            student = F.log_softmax(logits[:, self.imagenet], -1)
            divergence = F.kl_div(student, F.log_softmax(teacher, -1), log_target=True, reduction="none").sum(-1)
            parts["teacher"] = (divergence * sure).sum() / len(sure)
            parts["order"] = ORDER * (uncorrelated(logits[:, self.imagenet], teacher) * sure).mean()
        return parts

    def of_virtual(self, logits: torch.Tensor, classes: torch.Tensor, teacher: torch.Tensor) -> dict[str, torch.Tensor]:
        """Virtual pictures among all 1,000 classes: cross-entropy, and correlation with the teacher's logits."""
        logits = logits[:, self.imagenet]
        return {"virtual": F.cross_entropy(logits, classes, label_smoothing=0.05),
                "virtual order": ORDER * uncorrelated(logits, teacher).mean()}


def related_concepts(concepts: Concepts, wordnet: WordNet, rows_targets: np.ndarray) -> torch.Tensor:
    """bool [concepts, concepts]: other names that are also true of a picture of the first, or nearly so.

    Related are ancestors and descendants in WordNet, concepts whose name contains the other's word, and concepts that
    one picture carries together.
    """
    count = len(concepts.all)
    related = np.zeros((count, count), bool)
    by_id = {concept.wnid: index for index, concept in enumerate(concepts.all) if concept.wnid in wordnet.synsets}
    for id, index in by_id.items():
        for ancestor in wordnet.ancestors(id):
            related[index, by_id.get(ancestor, index)] = True
    words = [{" ".join(text.lower().split()) for text in concept.texts} for concept in concepts.all]
    for index, names in enumerate(words):
        ends = {name.split()[-1] for name in names} | {name.split()[0] for name in names} | names
        for other, other_names in enumerate(words):
            related[index, other] |= bool(ends & other_names)
    cifar100, imagenet, label = rows_targets.T
    for ours, places in ((cifar100, concepts.cifar100), (imagenet, concepts.imagenet)):
        has = ours != NONE
        related[label[has], np.array(places)[ours[has]]] = True
    related |= related.T
    np.fill_diagonal(related, False)
    return torch.from_numpy(related)


def fit_joint_space(features: torch.Tensor, targets: torch.Tensor, sure: torch.Tensor, classifier: nn.Linear,
                    losses: Losses, concepts: Concepts, virtual: VirtualFeatures, epochs: int = 2,
                    embedding: int = EMBEDDING) -> JointSpace:
    """Fits all by Adam on float16 features [pictures, 1280]; starts from the classifier's principal directions."""
    torch.manual_seed(0)
    space = JointSpace(len(concepts.all), embedding)
    _start_from_classifier(space, features, classifier, concepts)
    batch = 512
    steps = epochs * (len(features) // batch)
    optimiser = torch.optim.AdamW([{"params": [space.project.weight, space.project.bias], "weight_decay": 1e-3},
                                   {"params": [space.prototypes, space.log_scale], "weight_decay": 0.0}], lr=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps, pct_start=0.1)
    for epoch in range(epochs):
        order, sums = torch.randperm(len(features)), {}
        for at in range(0, len(order) - batch + 1, batch):
            rows = order[at : at + batch]
            x = features[rows].float()
            with torch.no_grad():
                teacher = classifier(x)
            x = F.dropout(x, 0.1)
            parts = losses(space.logits(space.embed(x)), targets[rows], teacher, sure[rows])
            unseen, classes = virtual.draw(batch // 2)
            with torch.no_grad():
                teacher = classifier(unseen)
            parts |= losses.of_virtual(space.logits(space.embed(unseen)), classes, teacher)
            optimiser.zero_grad(set_to_none=True)
            sum(parts.values()).backward()
            optimiser.step()
            schedule.step()
            sums = {name: sums.get(name, 0.0) + float(part.detach()) for name, part in parts.items()}
        print(f"joint space, epoch {epoch}:", {name: round(value / (len(order) // batch), 3)
                                               for name, value in sums.items()},
              f"scale {space.log_scale.exp().item():.1f}", flush=True)
    return space


@torch.no_grad()
def _start_from_classifier(space: JointSpace, features: torch.Tensor, classifier: nn.Linear, concepts: Concepts) -> None:
    rows = classifier.weight - classifier.weight.mean(0)
    left, values, right = torch.linalg.svd(rows, full_matrices=False)
    kept = space.project.out_features
    root = values[:kept].sqrt()
    space.project.weight.copy_(root[:, None] * right[:kept])
    centre = features[::7].float().mean(0)
    space.project.bias.copy_(-(space.project.weight @ centre))
    space.prototypes[torch.tensor(concepts.imagenet)] = left[:, :kept] * root
    norm = space.prototypes[torch.tensor(concepts.imagenet)].norm(dim=-1).mean()
    others = [i for i in range(len(concepts.all)) if i not in set(concepts.imagenet)]
    space.prototypes[others] = F.normalize(space.prototypes[others], dim=-1) * norm


def uncorrelated(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """1 − correlation of each row: all thousand logits count, not only the largest. @see Huang 2022, arXiv 2205.10536"""
    return 1 - F.cosine_similarity(a - a.mean(-1, keepdim=True), b - b.mean(-1, keepdim=True), dim=-1)


def _cross_entropy(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Mean over the batch of those that have a target; smoothing 0.05 over the classes that compete."""
    has = target != NONE
    if not bool(has.any()):
        return logits.sum() * 0
    logits, target = logits[has], target[has]
    competing = logits > -5e3
    spread = -(F.log_softmax(logits, -1) * competing).sum(-1) / competing.sum(-1)
    return (0.95 * F.cross_entropy(logits, target, reduction="none") + 0.05 * spread).sum() / len(has)
