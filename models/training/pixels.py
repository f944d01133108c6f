"""From bytes to the tower's input: squares, resizing, augmentation, (x − 127) / 128."""

import numpy as np
import torch
import torch.nn.functional as F

MEAN, STD = 127.0, 128.0
"""EfficientNet-Lite's own scaling of bytes 0…255."""


def centre_square(pixels: np.ndarray) -> np.ndarray:
    """uint8 [height, width, 3] → the largest centred square."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def to_input(batch: torch.Tensor, side: int) -> torch.Tensor:
    """uint8 [batch, s, s, 3] → float32 [batch, 3, side, side], channels last, resized as Pillow's bicubic does."""
    x = batch.permute(0, 3, 1, 2)
    if x.shape[-1] != side:
        x = F.interpolate(x, (side, side), mode="bicubic", antialias=True, align_corners=False)
    return ((x.float() - MEAN) / STD).contiguous(memory_format=torch.channels_last)
