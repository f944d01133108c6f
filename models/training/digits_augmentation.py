"""Digits as photographs show them: moved, turned, stretched, with thin and thick strokes, soft and hard edges.

All of a batch at once, float32 [batch, 1, 28, 28], ink 1 and paper 0. Randomness comes from the generator alone.
"""

import math

import torch
import torch.nn.functional as F

from digits_network import SIDE


def augment(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """One random view of each digit; one in eight stays as it is."""
    count = len(batch)
    view = _warp(_stroke_width(batch, generator), generator)
    view = _edges(view, generator)
    keep = torch.rand(count, 1, 1, 1, generator=generator) < 0.125
    return torch.where(keep, batch, view)


def not_digits(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """What must not be taken for one digit: two that touch, side by side, and blots."""
    first, second = batch, batch[torch.randperm(len(batch), generator=generator)]
    width = SIDE // 2 + 2
    halves = [F.interpolate(x, (20, width), mode="area") for x in (first, second)]
    pair = torch.zeros_like(batch)
    pair[:, :, 4:24, :width] = halves[0]
    pair[:, :, 4:24, SIDE - width :] = torch.maximum(pair[:, :, 4:24, SIDE - width :], halves[1])
    field = F.interpolate(torch.randn(len(batch), 1, 6, 6, generator=generator), (20, 20), mode="bicubic")
    blot = F.pad((field * 3).sigmoid(), (4, 4, 4, 4))
    is_pair = torch.rand(len(batch), 1, 1, 1, generator=generator) < 0.6
    return torch.where(is_pair, pair, blot)


def _uniform(count: int, low: float, high: float, generator: torch.Generator) -> torch.Tensor:
    return torch.rand(count, 1, 1, 1, generator=generator) * (high - low) + low


def _stroke_width(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """From strokes half a pixel thinner to strokes more than a pixel thicker."""
    thick = F.max_pool2d(batch, 3, 1, 1)
    thin = -F.max_pool2d(-batch, 3, 1, 1)
    amount = _uniform(len(batch), -0.45, 0.9, generator)
    return batch + amount.clamp(min=0) * (thick - batch) + (-amount).clamp(min=0) * (thin - batch)


def _warp(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Rotation to 14°, scale 0.82…1.15 in each direction, shear to 0.2, shift to 1.5 px, elastic to about 1.5 px."""
    count = len(batch)
    one = lambda low, high: _uniform(count, low, high, generator)[:, 0, 0, 0]
    angle, shear = one(-14, 14) * math.pi / 180, one(-0.2, 0.2)
    across, down = one(0.87, 1.22), one(0.87, 1.22)
    left, top = one(-1.5, 1.5) * 2 / SIDE, one(-1.5, 1.5) * 2 / SIDE
    cos, sin = torch.cos(angle), torch.sin(angle)
    matrix = torch.stack(
        [
            torch.stack([cos * across, (-sin + shear) * across, left], -1),
            torch.stack([sin * down, cos * down, top], -1),
        ],
        1,
    )
    grid = F.affine_grid(matrix, list(batch.shape), align_corners=False)
    field = torch.randn(count, 2, 5, 5, generator=generator) * (one(0, 1.3) / SIDE)[:, None, None, None]
    grid = grid + F.interpolate(field, (SIDE, SIDE), mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
    return F.grid_sample(batch, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def _edges(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Blur, then another slope from paper to ink: what a camera and a threshold make of the edge of a stroke."""
    kernel = torch.tensor([1.0, 2.0, 1.0])
    kernel = (kernel[:, None] * kernel / 16)[None, None]
    blurred = F.conv2d(batch, kernel, padding=1)
    share = _uniform(len(batch), -0.5, 1.0, generator).clamp(min=0)
    batch = batch + share * (blurred - batch)
    slope = _uniform(len(batch), 0.8, 2.2, generator)
    middle = _uniform(len(batch), 0.4, 0.55, generator)
    steep = _uniform(len(batch), 0, 1, generator) < 0.5
    bent = ((batch - middle) * slope + 0.5).clamp(0, 1) * (batch > 0.02)
    noise = torch.randn(batch.shape, generator=generator) * _uniform(len(batch), -0.06, 0.06, generator).clamp(min=0)
    return (torch.where(steep, bent, batch) + noise * (batch > 0.02)).clamp(0, 1)
