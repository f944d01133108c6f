"""Zero-shot top-1 of the exported bundle, in Python: for progress between exports. `npm run evaluate` is the measure.

Labels go through the text tower with the templates of the product's heads; pictures through Pillow as the bundle's
preprocessor_config.json says.
"""

import csv
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from PIL import Image, ImageOps
from tokenizers import Tokenizer

from concepts import prompts_of, read_head
from setup import HERE, arguments
from train_text import tokens


class Bundle:
    """The two ONNX towers of a bundle."""

    def __init__(self, path: Path):
        self.vision = onnxruntime.InferenceSession(path / "onnx" / "vision_model.onnx")
        self.text = onnxruntime.InferenceSession(path / "onnx" / "text_model.onnx")
        self.tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        self.side = json.loads((path / "preprocessor_config.json").read_text(encoding="utf-8"))["crop_size"]["height"]

    def images(self, paths: list[Path]) -> np.ndarray:
        """float32 [paths, 512], L2-normalised."""
        parts = []
        for at in range(0, len(paths), 32):
            pixels = np.stack([read_square(path, self.side) for path in paths[at : at + 32]])
            values = ((pixels.astype(np.float32) - 127) / 128).transpose(0, 3, 1, 2)
            parts.append(self.vision.run(None, {"pixel_values": values})[0])
        return np.concatenate(parts)

    def labels(self, prompts: list[list[str]], templates: list[str]) -> np.ndarray:
        """float32 [labels, 512]: mean over prompts and templates, normalised."""
        rows = []
        for names in prompts:
            ids = tokens(self.tokenizer, [template.replace("{}", name) for name in names for template in templates])
            row = self.text.run(None, {"input_ids": ids.numpy()})[0].mean(0)
            rows.append(row / np.linalg.norm(row))
        return np.stack(rows)


def read_square(path: Path, side: int) -> np.ndarray:
    """uint8 [side, side, 3]: shorter edge to `side`, bicubic, centre crop."""
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    factor = side / min(image.size)
    width, height = (max(side, int(edge * factor)) for edge in image.size)
    image = image.resize((width, height), Image.Resampling.BICUBIC)
    left, top = (width - side) // 2, (height - side) // 2
    return np.asarray(image.crop((left, top, left + side, top + side)))


def folders(path: Path) -> tuple[list[Path], list[str]]:
    """Files of a class-per-folder tree and the class of each."""
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp"))
    return files, [file.parent.name.replace("_", " ") for file in files]


def sets(data: Path):
    """(name, files, index of each file's label, prompts, templates) of every evaluation set."""
    heads = HERE.parent / "heads"
    cifar100 = read_head(heads, "cifar100")
    places = {label["label"]: i for i, label in enumerate(cifar100["labels"])}
    prompts = [prompts_of(label) for label in cifar100["labels"]]
    for name in ("cifar100", "photos"):
        files, truth = folders(data / "eval" / name)
        yield name, files, [places[label] for label in truth], prompts, cifar100["templates"]
    files, truth = folders(data / "eval" / "tiny-imagenet")
    labels = sorted(set(truth))
    yield "tiny-imagenet", files, [labels.index(label) for label in truth], [[label] for label in labels], ["a photo of a {}"]
    imagenet = read_head(heads, "imagenet1k")
    with open(data / "eval" / "imagenet" / "labels.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    yield ("imagenet", [data / "eval" / "imagenet" / row["file"] for row in rows], [int(row["index"]) for row in rows],
           [prompts_of(label) for label in imagenet["labels"]], imagenet["templates"])


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--every", type=int, default=1, help="only every n-th picture")
    options = parser.parse_args()
    torch.set_num_threads(2)
    bundle = Bundle(options.bundle)
    for name, files, truth, prompts, templates in sets(options.data):
        labels = bundle.labels(prompts, templates)
        answers = (bundle.images(files[:: options.every]) @ labels.T).argmax(1)
        hits = answers == np.array(truth[:: options.every])
        print(f"{name}: top-1 {hits.mean():.1%} of {len(hits)}", flush=True)


if __name__ == "__main__":
    main()
