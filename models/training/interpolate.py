"""Mixes a fine-tuned backbone with the untouched one: what was learned without all that was forgotten.

Weights between two ends of one fine-tuning are good weights, too. @see Wortsman 2022, WiSE-FT, arXiv 2109.01903
"""

from pathlib import Path

import torch

from backbone import load_pretrained
from setup import arguments


def interpolate(fine_tuned: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """`share` of the fine-tuned weights, the rest the published ones."""
    published = load_pretrained(0)[0].state_dict()
    return {name: torch.lerp(published[name], value, share) for name, value in fine_tuned.items()}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--share", type=float, default=0.6, help="of the fine-tuned weights, 0…1")
    parser.add_argument("--image", type=Path, help="default: <cache>/image-tower.pt")
    parser.add_argument("--space", type=Path, help="take the joint space of this file instead")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    stored = torch.load(options.image or options.cache / "image-tower.pt", weights_only=True)
    stored["backbone"] = interpolate(stored["backbone"], options.share)
    if options.space:
        space = torch.load(options.space, weights_only=True)
        stored = {"backbone": stored["backbone"], "space": space.get("space", space)}
    torch.save(stored, options.out)


if __name__ == "__main__":
    main()
