"""Golden tokens and embeddings of the bundle in `models/mini-clip`; run it again whenever the bundle changes.

    python models/training/goldens.py

Writes `test/golden/mini-clip-tokens.json` (ids of every golden text, never truncated) and
`test/golden/mini-clip-embeddings.json`: what ONNX Runtime makes of a few texts and of pixel tensors given by a formula,
so that no picture file is needed.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
import tokenizers

from clip_tokenizer import GOLDEN, write_golden_tokens

BUNDLE = Path(__file__).parents[1] / "mini-clip"
MADE_BY = "models/training/goldens.py"
TEXTS = [
    "cat", "a photo of a cat.", "aquarium fish", "German shepherd dog", "a lawn mower on wet grass",
    "猫", "🐱", "", "wardrobe", "the quick brown fox jumps over the lazy dog " * 20,
]
FREQUENCIES = [1, 2, 7]

# Written as it is computed, for the test that computes it again: c, y, x count from 0, f is one of FREQUENCIES.
FORMULA = "pixel_values[0, c, y, x] = sin((x * (c + 1) + y * f) * f / side)"


def synthetic_pixels(side: int, frequency: int) -> np.ndarray:
    """float32 [1, 3, side, side] in -1…1, by FORMULA (computed in float64, then rounded)."""
    c, y, x = np.meshgrid(np.arange(3), np.arange(side), np.arange(side), indexing="ij")
    return np.sin((x * (c + 1) + y * frequency) * frequency / side)[None].astype(np.float32)


def truncated(ids: list[int], length: int) -> list[int]:
    """Cut to the context length, the end token kept, as the product does."""
    return ids if len(ids) <= length else [*ids[: length - 1], ids[-1]]


def normalised(embedding: np.ndarray) -> list[float]:
    """[1, D] → D numbers of length 1, to seven digits."""
    return [float(f"{value:.7g}") for value in embedding[0] / np.linalg.norm(embedding[0])]


def session(name: str) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(BUNDLE / "onnx" / name, providers=["CPUExecutionProvider"])


def image_cases(side: int) -> list[dict]:
    vision = session("vision_model.onnx")
    return [
        {
            "frequency": frequency,
            "embedding": normalised(vision.run(["image_embeds"], {"pixel_values": synthetic_pixels(side, frequency)})[0]),
        }
        for frequency in FREQUENCIES
    ]


def text_cases(context_length: int) -> list[dict]:
    text_model = session("text_model.onnx")
    tokenizer = tokenizers.Tokenizer.from_file(str(BUNDLE / "tokenizer.json"))
    cases = []
    for text in TEXTS:
        ids = truncated(tokenizer.encode(text).ids, context_length)
        embedding = text_model.run(["text_embeds"], {"input_ids": np.array([ids], np.int64)})[0]
        cases.append({"text": text, "ids": ids, "embedding": normalised(embedding)})
    return cases


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    bundle = json.loads((BUNDLE / "bundle.json").read_text(encoding="utf-8"))
    side = json.loads((BUNDLE / "preprocessor_config.json").read_text(encoding="utf-8"))["crop_size"]["height"]
    tokenizer_json = json.loads((BUNDLE / "tokenizer.json").read_text(encoding="utf-8"))
    write_golden_tokens(GOLDEN / "mini-clip-tokens.json", tokenizer_json, MADE_BY)
    report = {
        "madeBy": MADE_BY,
        "versions": {"onnxruntime": onnxruntime.__version__, "tokenizers": tokenizers.__version__, "numpy": np.__version__},
        "bundle": {file["path"]: file["sha256"] for file in bundle["files"]},
        "side": side,
        "formula": FORMULA,
        "images": image_cases(side),
        "texts": text_cases(bundle["contextLength"]),
    }
    (GOLDEN / "mini-clip-embeddings.json").write_text(json.dumps(report) + "\n", encoding="utf-8")
    print(f"mini-clip-embeddings.json: {len(report['images'])} tensors, {len(report['texts'])} texts")


if __name__ == "__main__":
    main()
