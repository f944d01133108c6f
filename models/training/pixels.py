"""From bytes to the tower's input: squares, resizing, augmentation, (x − 127) / 128."""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

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


def random_square(pixels: np.ndarray, side: int, chance: np.random.Generator) -> np.ndarray:
    """One augmented training view, uint8 [side, side, 3]: crop of 45…100 % of the area, mirrored half of the time.

    A quarter of the larger pictures is shrunk to 32…48 px first, so that all classes are also met small.
    """
    image = Image.fromarray(pixels)
    if min(image.size) > 60 and chance.random() < 0.25:
        factor = chance.uniform(32, 48) / min(image.size)
        image = image.resize([round(edge * factor) for edge in image.size], Image.Resampling.BICUBIC)
    area, ratio = chance.uniform(0.45, 1.0), np.exp(chance.uniform(-0.29, 0.29))
    square = min(image.size)
    width = min(image.width, square * np.sqrt(area * ratio))
    height = min(image.height, square * np.sqrt(area / ratio))
    left, top = chance.uniform(0, image.width - width), chance.uniform(0, image.height - height)
    box = (left, top, left + width, top + height)
    image = image.resize((side, side), Image.Resampling.BICUBIC, box)
    view = np.asarray(image)
    return view[:, ::-1] if chance.random() < 0.5 else view


def jitter(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Brightness, contrast and saturation of normalised pictures, each by up to 25 %."""
    amount = lambda: torch.rand(len(batch), 1, 1, 1, generator=generator) * 0.5 - 0.25
    grey = batch.mean(1, keepdim=True)
    batch = grey + (batch - grey) * (1 + amount())
    centre = batch.mean((1, 2, 3), keepdim=True)
    return centre + (batch - centre) * (1 + amount()) + amount() * 0.6
