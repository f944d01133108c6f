"""What can be named: ImageNet's 1,000 classes, CIFAR-100's 100, and the other label texts of the training pictures.

A concept is one point in the joint space with several names. Where CIFAR-100 and ImageNet mean the same thing by the
same word (lion, tractor, …) it is one concept. Each picture carries up to three targets: its CIFAR-100 class, its
ImageNet class, and the concept of its own label.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pictures import Row

HOMONYMS = {"mouse", "plate"}
"""Words that name one thing in CIFAR-100 (the animal, the dish) and another in ImageNet (of a computer, a meal)."""

NONE = -1


@dataclass
class Concept:
    """`texts`: its names and prompts, without template; `wnid` where a WordNet synset is known."""

    texts: list[str]
    wnid: str = ""


@dataclass
class Concepts:
    """All concepts; `cifar100[i]` and `imagenet[i]` are the concept of class i; `labels[text]` of a training label."""

    all: list[Concept] = field(default_factory=list)
    cifar100: list[int] = field(default_factory=list)
    imagenet: list[int] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)

    def add(self, texts: list[str], wnid: str = "") -> int:
        self.all.append(Concept(list(dict.fromkeys(texts)), wnid))
        return len(self.all) - 1


def read_head(heads: Path, id: str) -> dict:
    """A head definition of the product: labels with prompts, and templates."""
    return json.loads((heads / f"{id}.json").read_text(encoding="utf-8"))


def prompts_of(label: dict) -> list[str]:
    """What stands for a label in its templates: its prompts, else itself."""
    return label.get("prompts") or [label["label"]]


def build_concepts(heads: Path, rows: list[Row]) -> Concepts:
    """Concepts of both heads and of every label text in `rows`."""
    concepts, by_wnid, by_text = Concepts(), {}, {}
    for label in read_head(heads, "imagenet1k")["labels"]:
        index = concepts.add([label["label"], *prompts_of(label)], label["wnid"])
        concepts.imagenet.append(index)
        by_wnid[label["wnid"]] = index
        for text in concepts.all[index].texts:
            by_text.setdefault(text.lower(), index)
    for label in read_head(heads, "cifar100")["labels"]:
        word = label["label"]
        index = by_text.get(word) if word not in HOMONYMS else None
        if index is None:
            index = concepts.add([])
        texts = concepts.all[index].texts
        texts += [text for text in [word, *prompts_of(label)] if text not in texts]
        concepts.cifar100.append(index)
        by_text[word] = index
    for text, wnid in sorted(_usual_wnids(rows).items()):
        index = by_wnid.get(wnid, by_text.get(text.lower()))
        concepts.labels[text] = concepts.add([text], wnid) if index is None else index
        if index is not None and text not in concepts.all[index].texts:
            concepts.all[index].texts.append(text)
    return concepts


def targets_of(rows: list[Row], concepts: Concepts, heads: Path) -> np.ndarray:
    """int64 [rows, 3]: CIFAR-100 class, ImageNet class (each 0… or −1), concept of the label."""
    cifar100 = {label["label"]: i for i, label in enumerate(read_head(heads, "cifar100")["labels"])}
    imagenet = {label["wnid"]: i for i, label in enumerate(read_head(heads, "imagenet1k")["labels"])}
    return np.array(
        [
            (cifar100[row.cifar100] if row.cifar100 else NONE, imagenet.get(row.wnid, NONE), concepts.labels[row.label])
            for row in rows
        ]
    )


def _usual_wnids(rows: list[Row]) -> dict[str, str]:
    """Label text → the synset that most of its pictures with a synset carry, or ''."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row.label, Counter())[row.wnid] += 1
    return {label: max(count, key=lambda wnid: (wnid != "", count[wnid])) for label, count in counts.items()}
