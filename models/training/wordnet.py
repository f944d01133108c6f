"""WordNet 3.0's nouns: names, gloss and hypernyms of each synset, read from Debian's `wordnet-base`.

ImageNet's class ids are `n` and the eight-digit offset of a synset in `data.noun`.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PHYSICAL = "n00001930"
"""The synset "physical entity": what is below it can be in a picture."""


@dataclass(frozen=True)
class Synset:
    """One meaning: `names` as people write them, most usual first; `hypernyms` by id; `examples`: sentences with it."""

    id: str
    names: tuple[str, ...]
    gloss: str
    hypernyms: tuple[str, ...]
    examples: tuple[str, ...]


class WordNet:
    """All nouns, by id and by name."""

    def __init__(self, data_noun: Path):
        self.synsets = {synset.id: synset for synset in _read(data_noun)}

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """Lower-cased name → ids of its meanings, in the file's order."""
        senses: dict[str, list[str]] = {}
        for synset in self.synsets.values():
            for name in synset.names:
                senses.setdefault(name.lower(), []).append(synset.id)
        return senses

    def ancestors(self, id: str) -> dict[str, int]:
        """The synset and all above it → steps up. `ancestors(dog)[canine] == 1`."""
        steps, front = {id: 0}, [id]
        while front:
            below = [parent for child in front for parent in self.synsets[child].hypernyms if parent not in steps]
            steps.update({parent: max(steps.values()) + 1 for parent in below})
            front = list(dict.fromkeys(below))
        return steps

    @cached_property
    def physical(self) -> frozenset[str]:
        """Ids below "physical entity"."""
        return frozenset(id for id in self.synsets if PHYSICAL in self.ancestors(id))


def _read(path: Path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("  "):
                continue
            fields, _, gloss = line.partition("|")
            parts = fields.split()
            count = int(parts[3], 16)
            names = tuple(parts[4 + 2 * i].replace("_", " ") for i in range(count))
            pointers = parts[5 + 2 * count :]
            hypernyms = tuple(f"n{pointers[4 * i + 1]}" for i in range(int(parts[4 + 2 * count]))
                              if pointers[4 * i] in ("@", "@i"))
            said, *examples = gloss.split('; "')
            yield Synset(f"n{parts[0]}", names, said.strip(), hypernyms, tuple(text.split('"')[0] for text in examples))
