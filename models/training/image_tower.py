"""Image tower: backbone, one linear map, L2 norm. `pixel_values` [batch, 3, side, side] → `image_embeds` [batch, 512]."""

import torch
import torch.nn.functional as F
from torch import nn

from backbone import FEATURES, Backbone
from joint_space import EMBEDDING

SIDE = 224
"""Input side of the bundle in pixels; README.md says what other sides give."""


class ImageTower(nn.Module):
    """`side` may be any multiple of 32; the bundle fixes SIDE."""

    def __init__(self, backbone: Backbone):
        super().__init__()
        self.backbone = backbone
        self.project = nn.Linear(FEATURES, EMBEDDING)

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.project(self.backbone(pixel_values)), dim=-1)
