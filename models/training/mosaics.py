"""Mosaics of training pictures: as sharp as a photograph, which no training picture is at the size of the tower.

The shorter side of training pictures has at most 80 px: they blur where they are enlarged, so nothing holds a tower that is fine-tuned on them
where pictures are sharp. A mosaic of many at their own size is sharp, and what the untouched backbone
sees in it is a target, whatever it shows.
"""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from backbone import load_pretrained
from image_tower import SIDE
from joint_space import ORDER, JointSpace, uncorrelated
from pictures import Pictures
from pixels import centre_square, to_input

TILES, SHARES = (64, 80, 112), (0.5, 0.25, 0.25)
"""Sides of a mosaic's tiles in pixels, and how often each is taken."""


def draw_mosaics(pictures: Pictures, usable: np.ndarray, count: int, chance: np.random.Generator) -> np.ndarray:
    """uint8 [count, 224, 224, 3] of the pictures `usable`, each half of the time mirrored."""
    return np.stack([_mosaic(pictures, usable, int(chance.choice(TILES, p=SHARES)), chance) for _ in range(count)])


def _mosaic(pictures: Pictures, usable: np.ndarray, tile: int, chance: np.random.Generator) -> np.ndarray:
    across = SIDE // tile + 1
    rows = [np.concatenate([_tile(pictures[i], tile, chance) for i in chance.choice(usable, across)], axis=1) for _ in range(across)]
    whole = np.concatenate(rows)
    top, left = chance.integers(0, len(whole) - SIDE + 1, 2)
    return whole[top : top + SIDE, left : left + SIDE]


def _tile(pixels: np.ndarray, tile: int, chance: np.random.Generator) -> np.ndarray:
    square = Image.fromarray(centre_square(pixels)).resize((tile, tile), Image.Resampling.BICUBIC)
    return np.asarray(square)[:, ::-1] if chance.random() < 0.5 else np.asarray(square)


class MosaicKeeper:
    """Holds a tower to what the untouched backbone sees in mosaics: its features, and its 1,000 logits."""

    def __init__(self, imagenet: list[int]):
        teacher, self.classifier = load_pretrained(0)
        self.teacher = teacher.eval().to(memory_format=torch.channels_last)
        self.imagenet = torch.tensor(imagenet)

    @torch.no_grad()
    def features(self, pixels: torch.Tensor) -> torch.Tensor:
        """float32 [count, 1280] of the untouched backbone."""
        with torch.autocast("cpu", torch.bfloat16):
            return self.teacher(pixels).float()

    def __call__(self, mosaics: np.ndarray, backbone: torch.nn.Module, space: JointSpace, frozen: int) -> dict[str, torch.Tensor]:
        """Parts of the loss; mosaics: uint8 [count, 224, 224, 3]."""
        pixels = to_input(torch.from_numpy(mosaics), SIDE)
        before = self.features(pixels)
        with torch.autocast("cpu", torch.bfloat16):
            now = backbone(pixels, frozen).float()
        logits = space.logits(space.embed(now))[:, self.imagenet]
        wanted = self.classifier(before).detach()
        return {
            "mosaic features": 2 * (1 - F.cosine_similarity(now, before, dim=-1)).mean(),
            "mosaic teacher": F.kl_div(F.log_softmax(logits, -1), F.log_softmax(wanted, -1), log_target=True, reduction="batchmean"),
            "mosaic order": ORDER * uncorrelated(logits, wanted).mean(),
        }
