"""Takes a share of pictures' mean direction off all texts: words of which it knows little no longer draw every picture, or none.

All pictures lie around their mean, so a text's component along it is a bonus with every picture. Names that were
taught have the right one; others have an accidental one. What is taken off folds into the text tower's last linear map, and
off the prototypes as well. `choose_centring.py` measures the share.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from export import load_towers
from image_tower import SIDE, ImageTower
from pictures import Pictures, unpack
from pixels import centre_square, to_input
from setup import arguments, read_setup

SHARE, COUNT = 0.5, 500
BATCH = 20


@torch.no_grad()
def mean_direction(tower: ImageTower, pictures: Pictures, rows: np.ndarray) -> torch.Tensor:
    """Unit vector [512] towards the mean of these pictures' embeddings."""
    parts = []
    for at in range(0, len(rows), BATCH):
        squares = [to_input(torch.from_numpy(centre_square(pictures[i]).copy())[None], SIDE) for i in rows[at : at + BATCH]]
        parts.append(tower(torch.cat(squares).contiguous(memory_format=torch.channels_last)))
    return F.normalize(torch.cat(parts).mean(0), dim=-1)


def centred(vectors: torch.Tensor, direction: torch.Tensor, share: float = SHARE) -> torch.Tensor:
    """[…, 512] less `share` of their components along the direction."""
    return vectors - share * (vectors @ direction)[..., None] * direction


@torch.no_grad()
def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--image", type=Path, help="default: <cache>/image-tower.pt")
    parser.add_argument("--text", type=Path, nargs="*", help="default: <cache>/text-tower.pt")
    parser.add_argument("--suffix", default="-centred", help="of the files that are written beside those read")
    options = parser.parse_args()
    setup = read_setup(options)
    image_path = options.image or setup.cache / "image-tower.pt"
    text_paths = options.text or [setup.cache / "text-tower.pt"]
    image, _, _ = load_towers(setup, image_path, text_paths[0])
    pictures = unpack(setup.data, setup.cache)
    large = np.flatnonzero((np.minimum(pictures.widths, pictures.heights) > 60) & ~setup.held_out)
    direction = mean_direction(image, pictures, np.random.default_rng(5).choice(large, COUNT, replace=False))
    for path in text_paths:
        tower = torch.load(path, weights_only=True)
        tower["project.weight"] = centred(tower["project.weight"].T, direction).T.contiguous()
        tower["project.bias"] = centred(tower["project.bias"], direction)
        torch.save(tower, path.with_stem(path.stem + options.suffix))
    stored = torch.load(image_path, weights_only=True)
    stored["space"]["prototypes"] = centred(F.normalize(stored["space"]["prototypes"], dim=-1), direction)
    torch.save(stored, image_path.with_stem(image_path.stem + options.suffix))


if __name__ == "__main__":
    main()
