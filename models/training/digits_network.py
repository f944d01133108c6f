"""The digits network: four convolutions, 28×28 grey pixels to ten logits."""

import torch
from torch import nn

SIDE = 28


class DigitsNetwork(nn.Sequential):
    """`pixels` float32 [batch, 1, 28, 28], ink 1 and paper 0 → `logits` float32 [batch, 10]."""

    def __init__(self):
        super().__init__(
            *_convolution(1, 32, 5), nn.MaxPool2d(2),
            *_convolution(32, 64, 3), *_convolution(64, 64, 3), nn.MaxPool2d(2),
            *_convolution(64, 128, 3), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.4), nn.Linear(128 * 3 * 3, 10),
        )


def _convolution(inputs: int, outputs: int, kernel: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


@torch.no_grad()
def folded(network: DigitsNetwork) -> nn.Sequential:
    """The same function with batch norm in the convolutions and without dropout: what is exported."""
    layers: list[nn.Module] = []
    for layer in network:
        if isinstance(layer, nn.BatchNorm2d):
            layers[-1] = nn.utils.fusion.fuse_conv_bn_eval(layers[-1].eval(), layer.eval())
        elif not isinstance(layer, nn.Dropout):
            layers.append(layer)
    return nn.Sequential(*layers).eval()
