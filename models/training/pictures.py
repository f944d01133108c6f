"""Training pictures: WebP shards unpacked once into one flat uint8 file, then cut out at any size.

`train.csv` names each picture's shard, offset and length; `unpack` decodes them all (a minute or two), so that an
epoch costs no decoding. A picture keeps its own width and height, 32 to 128 px.
"""

import csv
import io
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Row:
    """One line of `train.csv`: where the picture lies and what is on it."""

    part: int
    offset: int
    length: int
    label: str
    cifar100: str
    wnid: str
    width: int
    height: int
    source: str


def read_rows(data: Path) -> list[Row]:
    """All rows of `<data>/train/train.csv`, in order."""
    with open(data / "train" / "train.csv", newline="", encoding="utf-8") as file:
        return [
            Row(
                int(row["part"]), int(row["offset"]), int(row["bytes"]), row["label"], row["cifar100"].replace("_", " "),
                row["wnid"], int(row["width"]), int(row["height"]), row["source"],
            )
            for row in csv.DictReader(file)
        ]


class Pictures:
    """The unpacked pictures: `pictures[i]` is uint8 [height, width, 3]."""

    def __init__(self, cache: Path):
        index = np.load(cache / "pictures.npz")
        self.offsets, self.widths, self.heights = index["offsets"], index["widths"], index["heights"]
        self.bytes = np.memmap(cache / "pictures.u8", np.uint8, "r")

    def __len__(self) -> int:
        return len(self.widths)

    def __getitem__(self, i: int) -> np.ndarray:
        start, width, height = int(self.offsets[i]), int(self.widths[i]), int(self.heights[i])
        return self.bytes[start : start + width * height * 3].reshape(height, width, 3)


def unpack(data: Path, cache: Path) -> Pictures:
    """Decodes every shard into `<cache>/pictures.u8` and its index, unless that is done already."""
    if not (cache / "pictures.npz").exists():
        cache.mkdir(parents=True, exist_ok=True)
        rows = read_rows(data)
        sizes = np.array([(row.width, row.height) for row in rows], np.int64)
        ends = np.cumsum(sizes.prod(1) * 3)
        offsets = ends - sizes.prod(1) * 3
        np.memmap(cache / "pictures.u8", np.uint8, "w+", shape=int(ends[-1])).flush()
        chunks = [(data, cache, rows[at : at + 2000], offsets[at : at + 2000]) for at in range(0, len(rows), 2000)]
        with Pool() as pool:
            for done, _ in enumerate(pool.imap_unordered(_unpack_chunk, chunks), 1):
                print(f"unpacked {done}/{len(chunks)}", end="\r", flush=True)
        np.savez(cache / "pictures.npz", offsets=offsets, widths=sizes[:, 0], heights=sizes[:, 1])
    return Pictures(cache)


def _unpack_chunk(work: tuple[Path, Path, list[Row], np.ndarray]) -> None:
    data, cache, rows, offsets = work
    target = np.memmap(cache / "pictures.u8", np.uint8, "r+")
    shards = {part: np.memmap(data / "train" / f"part-{part}.bin", np.uint8, "r") for part in {row.part for row in rows}}
    for row, offset in zip(rows, offsets, strict=True):
        encoded = shards[row.part][row.offset : row.offset + row.length].tobytes()
        pixels = np.asarray(Image.open(io.BytesIO(encoded)).convert("RGB"))
        if pixels.shape != (row.height, row.width, 3):
            raise ValueError(f"Expected {row.height}x{row.width} pixels for `{row.label}` but received {pixels.shape}.")
        target[offset : offset + pixels.size] = pixels.reshape(-1)


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".training"))
    options = parser.parse_args()
    print(len(unpack(options.data, options.cache)), "pictures")
