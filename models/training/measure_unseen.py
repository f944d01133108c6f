"""Ten-way zero-shot on a hundred names that the text tower never met (held_out_names.txt).

The text tower is one trained by `train_text.py --without held_out_names.txt`; the image tower is the bundle's. (It has
seen pictures of these classes: what is measured is whether unseen words find them.) Pictures: Tiny-ImageNet's
validation set, ten a class. Each picture is asked about its own name and nine others of the hundred, drawn with a
seed; chance is 10 %.
"""

from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from evaluate import Bundle
from lessons import held_out_concepts
from setup import HERE, arguments, read_setup
from text_tower import TextTower
from train_text import load_tower, tokens

TEMPLATES = ("a photo of a {}", "a picture of the {}", "a close-up photo of a {}", "a cropped photo of the {}")
DRAWS = 20


@torch.no_grad()
def embed(tower: TextTower, tokenizer: Tokenizer, names: list[str]) -> np.ndarray:
    """float32 [names, 512]: mean over templates, normalised."""
    rows = [tower(tokens(tokenizer, [template.format(name) for template in TEMPLATES])).mean(0).numpy() for name in names]
    return np.stack([row / np.linalg.norm(row) for row in rows])


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--text", type=Path, help="default: <cache>/text-without.pt")
    parser.add_argument("--names", type=Path, default=HERE / "held_out_names.txt")
    options = parser.parse_args()
    setup = read_setup(options)
    bundle = Bundle(options.bundle)
    tower = load_tower(options.text or setup.cache / "text-without.pt", bundle.tokenizer.get_vocab_size())
    concepts = sorted(held_out_concepts(setup, options.names))
    folder_of = {concept: folder for folder in sorted((options.data / "eval" / "tiny-imagenet").iterdir())
                 if folder.is_dir() and (concept := setup.concepts.labels[folder.name.replace("_", " ")]) in concepts}
    files = [(file, concepts.index(concept)) for concept, folder in folder_of.items() for file in sorted(folder.iterdir())]
    truth = np.array([index for _, index in files])
    names = [setup.concepts.all[concept].texts[-1 if " (" in setup.concepts.all[concept].texts[0] else 0] for concept in concepts]
    alike = bundle.images([file for file, _ in files]) @ embed(tower, bundle.tokenizer, names).T
    chance, own = np.random.default_rng(0), alike[np.arange(len(files)), truth]
    hits = []
    for _ in range(DRAWS):
        others = np.stack([chance.choice(np.delete(np.arange(len(names)), i), 9, replace=False) for i in truth])
        hits.append(own > np.take_along_axis(alike, others, 1).max(1))
    hits = np.mean(hits, 0)
    print(f"ten-way, {len(names)} names never seen, {len(files)} pictures: {hits.mean():.1%}")
    print(f"hundred-way: {(alike.argmax(1) == truth).mean():.1%}")
    by_name = sorted((hits[truth == i].mean(), name) for i, name in enumerate(names))
    print("worst:", ", ".join(f"{name} {value:.0%}" for value, name in by_name[:15]))
    print("best:", ", ".join(f"{name} {value:.0%}" for value, name in by_name[-15:]))


if __name__ == "__main__":
    main()
