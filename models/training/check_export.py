"""Holds the bundle against the checkpoints it was made from: cosine of PyTorch's and ONNX Runtime's embeddings.

Exits with an error below 0.99 on 200 held-out pictures or on 200 texts, or if padding or the batch changes a text's embedding.
"""

from pathlib import Path

import numpy as np
import torch

from evaluate import Bundle
from export import load_towers
from image_tower import SIDE
from pictures import unpack
from pixels import centre_square, to_input
from setup import arguments, read_setup
from train_text import tokens

COUNT, LEAST = 200, 0.99


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--image", type=Path, help="default: <cache>/image-tower.pt")
    parser.add_argument("--text", type=Path, help="default: <cache>/text-tower.pt")
    options = parser.parse_args()
    setup = read_setup(options)
    image, text, _ = load_towers(setup, options.image or setup.cache / "image-tower.pt",
                                 options.text or setup.cache / "text-tower.pt")
    bundle, pictures = Bundle(options.bundle), unpack(options.data, setup.cache)
    rows = np.flatnonzero(setup.held_out)[:COUNT]
    pixels = torch.cat([to_input(torch.from_numpy(centre_square(pictures[i]).copy())[None], SIDE) for i in rows])
    pixels = pixels.contiguous()
    names = [name for concept in setup.concepts.all for name in concept.texts][:: 10][:COUNT]
    ids = tokens(bundle.tokenizer, [f"a photo of a {name}" for name in names])
    with torch.no_grad():
        agreements = {
            "pictures": _least(image(pixels).numpy(), bundle.vision.run(None, {"pixel_values": pixels.numpy()})[0]),
            "texts": _least(text(ids).numpy(), bundle.text.run(None, {"input_ids": ids.numpy()})[0]),
        }
    alone = bundle.text.run(None, {"input_ids": tokens(bundle.tokenizer, [f"a photo of a {names[0]}"]).numpy()})[0]
    agreements["a text alone and padded in a batch"] = _least(alone, bundle.text.run(None, {"input_ids": ids.numpy()})[0][:1])
    for name, value in agreements.items():
        print(f"least cosine, {name}: {value:.5f}")
    if min(agreements.values()) < LEAST:
        raise SystemExit(f"Expected a cosine of at least {LEAST} but received {min(agreements.values()):.4f}.")


def _least(a: np.ndarray, b: np.ndarray) -> float:
    return float((a * b).sum(-1).min())


if __name__ == "__main__":
    main()
