"""How many numbers an embedding needs: the joint space fitted on frozen features (begin.py) for each size, in one run.

Top-1 on the evaluation sets from the untouched backbone's features, with the prototypes as labels: the room that a space of that size
has, before fine-tuning and without the text tower. Small pictures are enlarged as teacher_features.py does, photographs as the tower does.
"""

import torch

from backbone import load_pretrained
from begin import fit
from compare_sizes import embed_pictures, prototype_places
from evaluate import sets
from image_tower import SIDE
from setup import arguments, read_setup

SIDES = {"cifar100": 96, "tiny-imagenet": 128}
"""Of small pictures, in pixels."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[128, 256, 512, 768, 1000], help="at most 1,000")
    options = parser.parse_args()
    setup = read_setup(options)
    backbone = load_pretrained(0)[0].eval().to(memory_format=torch.channels_last)
    known = [(name, embed_pictures(backbone, files, SIDES.get(name, SIDE)), torch.tensor(truth), prototype_places(setup, name, prompts))
             for name, files, truth, prompts, _ in sets(options.data)]
    for size in options.sizes:
        space = fit(setup, size)
        with torch.no_grad():
            tops = [(name, (space.logits(space.embed(features))[:, places].argmax(-1) == truth).float().mean().item())
                    for name, features, truth, places in known]
        print(f"{size} numbers: " + ", ".join(f"{name} {top:.1%}" for name, top in tops), flush=True)


if __name__ == "__main__":
    main()
