"""What the untouched backbone sees in every training picture: 1,280 features each, kept beside the pictures.

Its classifier turns them into the 1,000 logits that the fine-tuned tower must not forget. The centre square of a
picture is enlarged to 96 px (pictures up to 32 px) or 128 px (larger ones). Continues where it stopped.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from backbone import FEATURES, load_pretrained
from pixels import centre_square, to_input
from pictures import Pictures, unpack

BATCH = 64


def open_features(cache: Path, count: int) -> tuple[np.memmap, np.memmap]:
    """float16 [count, 1280] and uint8 [count] that says which rows are done; made when absent."""
    mode = "r+" if (cache / "teacher-done.u8").exists() else "w+"
    features = np.memmap(cache / "teacher-features.f16", np.float16, mode, shape=(count, FEATURES))
    return features, np.memmap(cache / "teacher-done.u8", np.uint8, mode, shape=(count,))


@torch.no_grad()
def extract(pictures: Pictures, cache: Path, share: int, shares: int, least_side: int) -> None:
    """Fills the rows whose turn it is, in random order, so that an unfinished run is a fair sample of pictures of that side."""
    backbone = load_pretrained(0)[0].eval().to(memory_format=torch.channels_last)
    features, done = open_features(cache, len(pictures))
    order = np.random.default_rng(0).permutation(len(pictures))[share::shares]
    sides = np.minimum(pictures.widths, pictures.heights)
    order = order[sides[order] >= least_side]
    for start in range(0, len(order), BATCH * 16):
        block = order[start : start + BATCH * 16]
        block = block[done[block] == 0]
        for side in np.unique(sides[block]):
            same = block[sides[block] == side]
            for at in range(0, len(same), BATCH):
                rows = same[at : at + BATCH]
                batch = torch.from_numpy(np.stack([centre_square(pictures[i]) for i in rows]))
                with torch.autocast("cpu", torch.bfloat16):
                    out = backbone(to_input(batch, 96 if side <= 32 else 128))
                features[rows] = out.float().numpy()
                done[rows] = 1
        print(f"share {share}: {start + len(block)}/{len(order)}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".training"))
    parser.add_argument("--share", type=int, default=0, help="which of --shares processes this is")
    parser.add_argument("--shares", type=int, default=1)
    parser.add_argument("--least-side", type=int, default=0, help="leave out smaller pictures, in pixels")
    options = parser.parse_args()
    torch.set_num_threads(1)
    extract(unpack(options.data, options.cache), options.cache, options.share, options.shares, options.least_side)
