"""Input sizes, and shares of the fine-tuned weights (interpolate.py): zero-shot top-1 of a checkpoint on the evaluation sets.

For each, labels once through the text tower and once as the prototypes themselves: the difference is what the text tower
loses. In PyTorch, bfloat16: for a choice between settings, not for the card.
"""

from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from evaluate import read_square, sets
from export import load_towers
from interpolate import interpolate
from setup import Setup, arguments, read_setup
from train_text import tokens


@torch.no_grad()
def embed_labels(text: nn.Module, tokenizer: Tokenizer, prompts: list[list[str]], templates: list[str]) -> torch.Tensor:
    """[labels, 512]: mean over prompts and templates, normalised."""
    rows = [text(tokens(tokenizer, [template.replace("{}", name) for name in names for template in templates])).mean(0)
            for names in prompts]
    return nn.functional.normalize(torch.stack(rows), dim=-1)


@torch.no_grad()
def embed_pictures(image: nn.Module, files: list[Path], side: int) -> torch.Tensor:
    """float32 [files, numbers that the tower or backbone gives]."""
    parts = []
    for at in range(0, len(files), 16):
        squares = torch.from_numpy(np.stack([read_square(file, side) for file in files[at : at + 16]]))
        pixels = ((squares.float() - 127) / 128).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            parts.append(image(pixels).float())
    return torch.cat(parts)


def prototype_places(setup: Setup, name: str, prompts: list[list[str]]) -> list[int]:
    """The concept of each label of an evaluation set."""
    known = {"cifar100": setup.concepts.cifar100, "photos": setup.concepts.cifar100, "imagenet": setup.concepts.imagenet}
    return known.get(name) or [setup.concepts.labels[names[0]] for names in prompts]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--image", type=Path, help="default: <cache>/image-tower.pt")
    parser.add_argument("--text", type=Path, help="default: <cache>/text-tower.pt")
    parser.add_argument("--sides", type=int, nargs="+", default=[160, 192, 224])
    parser.add_argument("--shares", type=float, nargs="+", default=[1.0])
    parser.add_argument("--every", type=int, default=1, help="only every n-th picture of the sets of 2,000")
    options = parser.parse_args()
    torch.set_num_threads(2)
    setup = read_setup(options)
    image, text, space = load_towers(setup, options.image or setup.cache / "image-tower.pt",
                                     options.text or setup.cache / "text-tower.pt")
    image = image.to(memory_format=torch.channels_last)
    fine_tuned = {name: value.clone() for name, value in image.backbone.state_dict().items()}
    tokenizer = Tokenizer.from_file(str(setup.bundle / "tokenizer.json"))
    prototypes = nn.functional.normalize(space.prototypes.detach(), dim=-1)
    for name, files, truth, prompts, templates in sets(options.data):
        every = options.every if len(files) > 1000 else 1
        files, truth = files[::every], np.array(truth[::every])
        labels = embed_labels(text, tokenizer, prompts, templates)
        places = prototypes[prototype_places(setup, name, prompts)]
        for share in options.shares:
            image.backbone.load_state_dict(interpolate(fine_tuned, share))
            for side in options.sides:
                embeddings = embed_pictures(image, files, side)
                by_text, by_prototype = ((embeddings @ rows.T).argmax(1).numpy() == truth for rows in (labels, places))
                print(f"{name}, {side} px, {share:.0%} fine-tuned: text tower {by_text.mean():.1%}, "
                      f"prototypes {by_prototype.mean():.1%} of {len(truth)}", flush=True)


if __name__ == "__main__":
    main()
