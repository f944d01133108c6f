"""MNIST's test pictures as PNG files, a folder for each digit: python digits_pictures.py --data DIR --out DIR

What `npm run evaluate -- --head digits --data DIR` takes. `--data` holds mnist/mnist.npz.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=10_000, help="the first so many")
    options = parser.parse_args()
    with np.load(options.data / "mnist" / "mnist.npz") as file:
        pictures, labels = file["x_test"][: options.count], file["y_test"][: options.count]
    for digit in range(10):
        (options.out / str(digit)).mkdir(parents=True, exist_ok=True)
    for index, (pixels, label) in enumerate(zip(pictures, labels, strict=True)):
        Image.fromarray(pixels).save(options.out / str(label) / f"{index:05}.png")
    print(f"{len(labels)} pictures in {options.out}")


if __name__ == "__main__":
    main()
